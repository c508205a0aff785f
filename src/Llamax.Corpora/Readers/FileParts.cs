namespace Llamax.Corpora.Readers;

/// <summary>Cuts large plain files into parts of whole lines, which can be read apart from each other.</summary>
internal static class FileParts
{
    /// <summary>The parts of a file in their order. Where they begin depends on what is in it and on the size only.</summary>
    /// <param name="file">A file.</param>
    /// <param name="size">Bytes of a part at least, but for what a line takes from its neighbour.</param>
    /// <returns>The file itself where it is packed or has no room for two parts.</returns>
    /// <exception cref="LlamaxException">It cannot be read.</exception>
    public static IReadOnlyList<TextFile> Of(TextFile file, long size)
    {
        var length = file.Size;
        var count = length / size;
        if (!file.IsPlain || file.IsPart || count < 2)
        {
            return [file];
        }

        var starts = new List<long> { 0 };
        using var stream = file.Open();
        for (var i = 1L; i < count; i++)
        {
            var start = LineStart(stream, file, length / count * i);
            if (start > starts[^1] && start < length) // Not where a line is longer than a part.
            {
                starts.Add(start);
            }
        }

        return [.. starts.Zip(starts.Skip(1).Append(length), file.Part)];
    }

    /// <summary>Where the first line begins that does so at a place or behind it; the end where none does.</summary>
    private static long LineStart(Stream stream, TextFile file, long from)
    {
        var at = from - 1; // The end of the line before may be right there.
        stream.Position = at;
        Span<byte> buffer = stackalloc byte[1 << 12];
        for (int read; (read = LineReader.Fill(stream, buffer, file)) > 0; at += read)
        {
            var newline = buffer[..read].IndexOf((byte)'\n');
            if (newline >= 0)
            {
                return at + newline + 1;
            }
        }

        return at;
    }
}
