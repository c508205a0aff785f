using System.Formats.Tar;
using System.IO.Compression;
using Llamax.Corpora.Readers;

namespace Llamax.Recipes.Schema;

/// <summary>The members of one archive with their numbers of lines, from one pass over it.</summary>
internal sealed class ArchiveMembers
{
    private readonly string path;
    private readonly Dictionary<string, long?> lines = [];

    /// <summary>Reads an archive.</summary>
    /// <param name="path">The archive on disk.</param>
    /// <param name="counted">Whether the lines of a member are wanted.</param>
    /// <exception cref="LlamaxException">It cannot be read as an archive.</exception>
    public ArchiveMembers(string path, Func<string, bool> counted)
    {
        this.path = path;
        try
        {
            using var file = File.OpenRead(path);
            using Stream plain = path.EndsWith("gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var tar = new TarReader(plain);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    var name = TextFile.MemberName(entry.Name);
                    lines[name] = counted(name) ? CountLines(entry) : null;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new LlamaxException($"{path} cannot be read as an archive: {exception.Message}", exception);
        }
    }

    /// <summary>The number of lines of a member.</summary>
    /// <param name="member">Its name.</param>
    /// <exception cref="LlamaxException">The archive has no such member.</exception>
    public long? Lines(string member) => lines.TryGetValue(member, out var count)
        ? count
        : throw new LlamaxException($"{path}!{member}: the archive has no member of that name.");

    private static long CountLines(TarEntry entry)
    {
        using Stream? text = entry.DataStream is { } data && entry.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(data, CompressionMode.Decompress, leaveOpen: true)
            : entry.DataStream;
        return text is null ? 0 : CountLines(text);
    }

    /// <summary>The number of lines of a text; the last need not end with a line feed.</summary>
    /// <param name="text">The text, to its end.</param>
    public static long CountLines(Stream text)
    {
        var buffer = new byte[1 << 16];
        var (count, last) = (0L, (byte)'\n');
        for (int read; (read = text.Read(buffer)) > 0; last = buffer[read - 1])
        {
            count += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return last == '\n' ? count : count + 1;
    }
}
