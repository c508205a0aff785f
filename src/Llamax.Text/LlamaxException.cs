namespace Llamax;

/// <summary>
/// An error that the user can mend: one message that names the file, the line or key, what was expected and how to
/// mend it. The command line prints the message alone and exits with code 2.
/// </summary>
public sealed class LlamaxException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">What the runtime said, for debugging.</param>
    public LlamaxException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
