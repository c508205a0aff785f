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

    /// <summary>Opens a file for reading and writing, without a buffer, and makes it where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null where somebody else has it open.</returns>
    /// <exception cref="IOException">It cannot be opened for another reason.</exception>
    public static FileStream? TryOpen(string path)
    {
        while (true)
        {
            try
            {
                var opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Share, bufferSize: 0);
                if (File.Exists(path))
                {
                    return opened;
                }

                // Whoever held it renamed or removed it between our opening and our locking: the lock is on no name any more.
                opened.Dispose();
            }
            catch (IOException exception) when (Array.IndexOf(Held, exception.HResult) >= 0)
            {
                return null;
            }
        }
    }
}
