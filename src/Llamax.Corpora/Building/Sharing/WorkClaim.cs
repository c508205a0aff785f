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
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => held.Dispose();
}
