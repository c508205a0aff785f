using Llamax.Text.Files;

namespace Llamax.Models.Hub.Cache;

/// <summary>A file that one process at a time holds.</summary>
internal sealed class CacheLock : IDisposable
{
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
            if (LockedFile.TryOpen(path) is { } opened)
            {
                return new CacheLock(opened);
            }

            if (!told)
            {
                waiting();
                told = true;
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => file.Dispose();
}
