using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Llamax.Text.Tokenizers.Bpe;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.Tiktoken;

/// <summary>The tokens of a rank file by their ranks, which are 0 and on without gaps.</summary>
internal sealed class TiktokenRanks
{
    private const string Expected = "Expected a tiktoken rank file, such as LLaMA-3's tokenizer.model.";

    // The longest tokens of the published files are 128 spaces.
    private const int LongestToken = 1024;

    private readonly string path;
    private readonly byte[] bytes;
    private readonly (int Start, int Length)[] tokens;
    private readonly int mostMerges;

    /// <summary>Reads the lines.</summary>
    /// <param name="content">The file.</param>
    /// <param name="path">What errors name.</param>
    /// <exception cref="LlamaxException">A line is not sound, or a rank is missing.</exception>
    public TiktokenRanks(ReadOnlySpan<byte> content, string path)
    {
        this.path = path;
        bytes = new byte[content.Length];
        tokens = new (int Start, int Length)[content.Count((byte)'\n') + 1];

        // Published files have up to one merge in 7.8 bytes; made-up ones could have as many as the square of their size.
        mostMerges = Math.Max(1 << 14, content.Length / 6);
        for (var (line, used) = (1, 0); content.Length > 0; line++)
        {
            var end = content.IndexOf((byte)'\n');
            var text = (end < 0 ? content : content[..end]).TrimEnd((byte)'\r');
            content = end < 0 ? [] : content[(end + 1)..];
            if (!text.IsEmpty)
            {
                used += Read(text, line, used);
                Count++;
            }
        }

        var gap = Array.FindIndex(tokens, 0, Count, token => token.Length == 0);
        if (gap >= 0 || Count == 0)
        {
            throw new LlamaxException($"{path} has no token of rank {Math.Max(gap, 0)} but {Count} lines; it may have been cut short. {Expected}");
        }
    }

    /// <summary>Number of ranks.</summary>
    public int Count { get; }

    /// <summary>Reads a line without its end.</summary>
    public static bool TryParseLine(ReadOnlySpan<byte> line, Span<byte> token, out int length, out int rank)
    {
        (length, rank) = (0, -1);
        line = line.TrimEnd((byte)'\r');
        var space = line.IndexOf((byte)' ');
        return space > 0
            && Base64.DecodeFromUtf8(line[..space], token, out var consumed, out length) == OperationStatus.Done
            && consumed == space && length > 0
            && Utf8Parser.TryParse(line[(space + 1)..], out rank, out consumed) && rank >= 0
            && consumed == line.Length - space - 1;
    }

    /// <summary>The vocabulary of ranks and special tokens; ids between the two stand for nothing.</summary>
    /// <exception cref="LlamaxException">A token is there twice, or a byte is none.</exception>
    public ByteVocabulary Vocabulary(IReadOnlyList<(string Name, int Id)> special)
    {
        var names = special.ToDictionary(token => token.Id, token => Encoding.UTF8.GetBytes(token.Name));
        var starts = new int[special[^1].Id + 2];
        var sorted = new byte[tokens.Sum(token => token.Length) + names.Values.Sum(name => name.Length)];
        for (var id = 0; id < starts.Length - 1; id++)
        {
            var token = id < Count ? bytes.AsSpan(tokens[id].Start, tokens[id].Length) : names.GetValueOrDefault(id, []);
            token.CopyTo(sorted.AsSpan(starts[id]));
            starts[id + 1] = starts[id] + token.Length;
        }

        var vocabulary = new ByteVocabulary(sorted, starts, id => id < Count);
        if (vocabulary.Twins is [var (first, second), ..])
        {
            throw new LlamaxException($"{path} has the token {Convert.ToBase64String(vocabulary[first])} twice, with the ranks {first} and {second}. {Expected}");
        }

        for (var value = 0; value < 256; value++)
        {
            if (vocabulary.Find([(byte)value]) < 0)
            {
                throw new LlamaxException($"{path} has no token for the byte 0x{value:X2} ({Convert.ToBase64String([(byte)value])} in base64). {Expected}");
            }
        }

        return vocabulary;
    }

    /// <summary>
    /// The library merges any two neighbours that are a token together, so every way to cut a token into two is a merge.
    /// </summary>
    /// <exception cref="LlamaxException">There are more of them than a trained vocabulary has.</exception>
    public MergeTable Merges(ByteVocabulary vocabulary)
    {
        var (merges, count) = (new Merge[mostMerges], 0);
        for (var id = 0; id < Count; id++)
        {
            var token = vocabulary[id];
            for (var cut = 1; cut < token.Length; cut++)
            {
                var left = vocabulary.Find(token[..cut]);
                var right = left < 0 ? -1 : vocabulary.Find(token[cut..]);
                if (right >= 0)
                {
                    merges[count] = new Merge(left, right, id, id);
                    count++;
                }

                if (count == merges.Length)
                {
                    throw new LlamaxException($"{path} has tokens that can be put together in {count} ways, which no trained vocabulary has.");
                }
            }
        }

        return new MergeTable(merges.AsSpan(0, count));
    }

    private int Read(ReadOnlySpan<byte> text, int line, int used)
    {
        var problem = !TryParseLine(text, bytes.AsSpan(used), out var length, out var rank) ? "is not a token in base64, a space and a rank"
            : length > LongestToken ? $"has a token of {length} bytes, and {LongestToken} are the most"
            : rank >= tokens.Length ? $"has the rank {rank}, beyond the number of lines; ranks are 0 and on without gaps"
            : tokens[rank].Length > 0 ? $"has the rank {rank}, which an earlier line has already"
            : null;
        if (problem is not null)
        {
            throw new LlamaxException($"{path}, line {line} {problem}. {Expected}");
        }

        tokens[rank] = (used, length);
        return length;
    }
}
