namespace Llamax.Distributed;

/// <summary>Processes that should work together do not find each other; the message says why and how to mend it.</summary>
public sealed class DistributedException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong, and how to mend it.</param>
    /// <param name="innerException">What the runtime said, for debugging.</param>
    public DistributedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
