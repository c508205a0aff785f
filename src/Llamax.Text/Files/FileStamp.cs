namespace Llamax.Text.Files;

/// <summary>
/// What tells a file from another version of itself without reading it. Of a link it is the content's: <see cref="FileInfo"/>
/// speaks of the link, which is short and stays when what it leads to changes.
/// </summary>
/// <param name="Length">Bytes; 0 of a pipe, of which nobody knows.</param>
/// <param name="ChangedUtc">Time of the last change.</param>
public readonly record struct FileStamp(long Length, DateTime ChangedUtc)
{
    /// <summary>Looks at a file.</summary>
    /// <param name="path">The file, or a link to one. Of a link that leads nowhere, or to what may not be read, the link itself is told.</param>
    /// <exception cref="IOException">There is no such file.</exception>
    public static FileStamp Of(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is null)
        {
            return new FileStamp(info.Length, info.LastWriteTimeUtc);
        }

        try
        {
            // The system resolves links by itself; by their text, those in folders that are links would lead astray.
            using var handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));
        }
        catch (NotSupportedException)
        {
            return new FileStamp(0, info.LastWriteTimeUtc); // A pipe, of which only the system knows what is in it.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new FileStamp(info.Length, info.LastWriteTimeUtc);
        }
    }
}
