namespace Llamax.Text.Files;

/// <summary>Writes files so that a reader sees the old content or the whole new one, also after a crash.</summary>
public static class AtomicFile
{
    private const int Buffer = 1 << 16;

    /// <summary>
    /// Writes to a temporary name beside <paramref name="path"/>, flushes to disk, and renames. A link stays and what it leads
    /// to is written; a pipe or a device is given the content once all of it is there.
    /// </summary>
    /// <param name="path">The file to create or replace; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content; where it throws, nothing is left behind.</param>
    /// <param name="cancellationToken">Ends the wait for somebody who reads, where it is a pipe; a file is written whole.</param>
    /// <exception cref="LlamaxException">No file can be written there.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        var place = OutputPlace.Of(path);
        if (!place.IsFile)
        {
            Send(place, write, cancellationToken);
            return;
        }

        var temporary = UnfinishedName.For(place.Path);
        var stream = Create(temporary, path);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, place.Path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>By way of a file: writers may go back in what they write, and what reads a pipe gets nothing that is only half of it.</summary>
    private static void Send(OutputPlace place, Action<Stream> write, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = Buffer,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Opening a pipe and writing to it wait for somebody who reads, and do not look at the token. It is opened however the
        // writing ends: who reads waits for that.
        var opening = Task.Run(place.OpenStream, CancellationToken.None);
        try
        {
            using var content = new FileStream(UnfinishedName.For(Path.Combine(Path.GetTempPath(), $"llamax-{Guid.NewGuid():N}")), options);
            write(content);
            content.Position = 0;
            Task.Run(async () => content.CopyTo(await opening), cancellationToken).WaitAsync(cancellationToken).GetAwaiter().GetResult();
        }
        finally
        {
            _ = CloseAsync(opening); // At once where it is open.
        }
    }

    private static async Task CloseAsync(Task<Stream> opening)
    {
        var target = await opening;
        await target.DisposeAsync();
    }

    private static FileStream Create(string temporary, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
            return new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, Buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be written: its folder takes no new file ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="text">The whole content.</param>
    /// <param name="cancellationToken">Ends the wait for somebody who reads, where it is a pipe.</param>
    public static void WriteText(string path, string text, CancellationToken cancellationToken = default) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)), cancellationToken);

    /// <summary>Whether a failure says that the disk, or the user's share of it, is full.</summary>
    /// <param name="exception">What writing threw.</param>
    public static bool IsDiskFull(IOException exception)
    {
        // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows; ENOSPC, and EDQUOT of Linux and of macOS.
        var code = exception.HResult & 0xFFFF;
        return OperatingSystem.IsWindows() ? code is 112 or 39 : code is 28 or 122 || (OperatingSystem.IsMacOS() && code == 69);
    }
}
