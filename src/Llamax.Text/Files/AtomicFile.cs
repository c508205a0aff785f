namespace Llamax.Text.Files;

/// <summary>Writes files so that a reader sees the old content or the whole new one, also after a crash.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary name beside <paramref name="path"/>, flushes to disk, and renames.</summary>
    /// <param name="path">The file to create or replace; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content; where it throws, nothing is left behind.</param>
    /// <exception cref="LlamaxException">No file can be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var temporary = UnfinishedName.For(full);
        if (Directory.Exists(full))
        {
            throw new LlamaxException($"{path} is a folder. Name a file to write.");
        }

        var stream = Create(temporary, path);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static FileStream Create(string temporary, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
            return new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be written: its folder takes no new file ({exception.Message.TrimEnd('.')}).", exception);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="text">The whole content.</param>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
