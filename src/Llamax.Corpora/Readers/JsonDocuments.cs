namespace Llamax.Corpora.Readers;

/// <summary>JSON documents that are taken into memory whole.</summary>
internal static class JsonDocuments
{
    private const int Largest = 1 << 30;

    /// <summary>A file's content without a byte order mark.</summary>
    /// <param name="file">The file.</param>
    /// <param name="longest">Bytes at most.</param>
    /// <exception cref="LlamaxException">It is larger, or cannot be read to its end.</exception>
    public static ReadOnlyMemory<byte> Read(TextFile file, long longest = Largest)
    {
        using var stream = file.Open();
        var whole = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int read; (read = LineReader.Fill(stream, chunk, file)) > 0;)
        {
            whole.Write(chunk, 0, read);
            if (whole.Length > longest)
            {
                throw new LlamaxException($"{file.Name}: a JSON document of more than {longest >> 20} MiB. Write one object per line into a .jsonl file.");
            }
        }

        var content = new ReadOnlyMemory<byte>(whole.GetBuffer(), 0, (int)whole.Length);
        return content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;
    }
}
