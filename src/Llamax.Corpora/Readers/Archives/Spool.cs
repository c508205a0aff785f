namespace Llamax.Corpora.Readers.Archives;

/// <summary>
/// Keeps what can be read only once until it is needed: in memory as far as there is room, beyond that in a file of the
/// system's folder for temporary files, which is gone when it is closed or the process ends.
/// </summary>
/// <param name="room">Bytes of memory for everything together.</param>
internal sealed class Spool(long room)
{
    private long room = room;

    /// <summary>Takes a stream in, to its end.</summary>
    /// <param name="source">The stream.</param>
    /// <returns>The same from its beginning; closed by the caller.</returns>
    /// <exception cref="LlamaxException">There is no room for temporary files.</exception>
    public Stream Take(Stream source)
    {
        Stream kept = new MemoryStream();
        try
        {
            var buffer = new byte[1 << 16];
            for (int read; (read = source.Read(buffer)) > 0; room -= read)
            {
                if (kept is MemoryStream memory && read > room)
                {
                    kept = Create();
                    room += memory.Length; // It is free again.
                    memory.Position = 0;
                    Write(kept, memory.GetBuffer().AsSpan(0, (int)memory.Length));
                }

                Write(kept, buffer.AsSpan(0, read));
                room += kept is MemoryStream ? 0 : read;
            }

            kept.Position = 0;
            return kept;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    private static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"llamax-{Guid.NewGuid():N}");
        try
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path); // Open without a name: gone however the process ends.
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(exception);
        }
    }

    private static void Write(Stream kept, ReadOnlySpan<byte> bytes)
    {
        try
        {
            kept.Write(bytes);
        }
        catch (IOException exception)
        {
            throw NoRoom(exception);
        }
    }

    private static LlamaxException NoRoom(Exception exception) => new(
        $"Members of a packed archive that belong together are unpacked into {Path.GetTempPath()}: {exception.Message} Make room there, name another folder "
        + $"with {(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")}, or unpack the archive and name the files.", exception);
}
