namespace Llamax.Models.Hub.Cache;

/// <summary>
/// A file that one process at a time holds. .NET locks a file that it shares with nobody by <c>flock</c>, as Python's
/// filelock does, so that both keep out of each other's way; the system releases the lock of a process that dies.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    // EAGAIN on Linux and on macOS; a sharing and a lock violation on Windows.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly FileStream file;

    private CacheLock(FileStream file) => this.file = file;

    /// <summary>Waits until the lock is ours.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">By which to wait.</param>
    /// <param name="waiting">Called once where somebody else holds it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<CacheLock> TakeAsync(string path, TimeProvider clock, Action waiting, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var told = false; ; cancellationToken.ThrowIfCancellationRequested())
        {
            try
            {
                var opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                if (File.Exists(path))
                {
                    return new CacheLock(opened);
                }

                // Whoever held it removed it between our opening and our locking: the lock is on no name any more.
                await opened.DisposeAsync().ConfigureAwait(false);
            }
            catch (IOException exception) when (Array.IndexOf(Held, exception.HResult) >= 0)
            {
                if (!told)
                {
                    waiting();
                    told = true;
                }

                await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => file.Dispose();
}
