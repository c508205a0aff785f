namespace Llamax.Text.Files;

/// <summary>
/// Files that one process at a time has open for writing. .NET locks a file that it shares with nobody by <c>flock</c>, as
/// Python's filelock does, so that both keep out of each other's way; the system releases the lock of a process that dies.
/// </summary>
public static class LockedFile
{
    // EAGAIN on Linux and on macOS; a sharing and a lock violation on Windows.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    // On Windows the name of an open file can only be changed where that is shared; elsewhere all that is shared makes the lock a shared one.
    private static readonly FileShare Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    // Each try that fails was another run's success, unless the file system shows a file's times late.
    private const int MostTries = 1000;

    /// <summary>Opens a file for reading and writing, without a buffer, and makes it where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null where somebody else has it open.</returns>
    /// <exception cref="IOException">It cannot be opened for another reason.</exception>
    public static FileStream? TryOpen(string path)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            try
            {
                var opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Share, bufferSize: 0);
                if (IsAt(path, opened))
                {
                    return opened;
                }

                // Whoever held it renamed or removed it between our opening and our locking, and perhaps made another: ours is
                // not the one that others lock.
                opened.Dispose();
            }
            catch (IOException exception) when (Array.IndexOf(Held, exception.HResult) >= 0)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a name is still that of an open file: a time given to the file shows at the name. Where a file is another
    /// user's, whose times cannot be set, the time of its making has to do.
    /// </summary>
    /// <param name="path">The name that the file was opened by.</param>
    /// <param name="opened">The file.</param>
    internal static bool IsAt(string path, FileStream opened)
    {
        var handle = opened.SafeFileHandle;
        try
        {
            var unlikely = BitConverter.ToUInt32(Guid.NewGuid().ToByteArray());
            File.SetLastAccessTimeUtc(handle, DateTime.UtcNow.AddTicks(-unlikely)); // Minutes ago.
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
        }

        try
        {
            var named = OutputPlace.RealPath(path); // A link has times of its own.
            return (File.GetLastAccessTimeUtc(handle), File.GetCreationTimeUtc(handle)) == (File.GetLastAccessTimeUtc(named), File.GetCreationTimeUtc(named));
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
