namespace Llamax.Models.Hub.Http;

/// <summary>A failure that may pass: what failed is worth another try.</summary>
internal sealed class TransientException : Exception
{
    public TransientException(string message, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException) => RetryAfter = retryAfter;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; }
}
