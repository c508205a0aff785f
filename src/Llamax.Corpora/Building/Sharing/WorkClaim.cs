namespace Llamax.Corpora.Building.Sharing;

/// <summary>
/// One process's right to do a piece of work. The operating system's lock on an open file: it ends with the process,
/// however that ends. Where a file system does not lock, two may do the same piece: that costs time, and gives the same.
/// </summary>
internal sealed class WorkClaim : IDisposable
{
    private readonly FileStream held;

    private WorkClaim(FileStream held) => this.held = held;

    /// <summary>Takes the claim, or gives null where another process has it.</summary>
    /// <param name="path">The lock's file, in a folder that is there.</param>
    public static WorkClaim? TryTake(string path)
    {
        try
        {
            return new WorkClaim(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException exception) when (File.Exists(path) || IsTaken(exception)) // Who has it may let go before anybody looks.
        {
            return null;
        }
    }

    /// <summary>Whether the system says that another process has the file: EWOULDBLOCK of Linux and macOS, a sharing violation.</summary>
    private static bool IsTaken(IOException exception) => (exception.HResult & 0xFFFF) is 11 or 35 or 32;

    public void Dispose() => held.Dispose();
}
