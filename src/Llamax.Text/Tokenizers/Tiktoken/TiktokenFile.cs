using Llamax.Text.Files;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.Tiktoken;

/// <summary>Reads tiktoken rank files: in each line a token in base64, a space, and its rank, which is its id.</summary>
public static class TiktokenFile
{
    // o200k, the largest published one, takes 3.6 MB.
    private const int LargestFile = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">For example LLaMA-3's <c>tokenizer.model</c>.</param>
    /// <param name="encoding">What the file belongs to; where nothing is said, the encoding that has as many ranks, else LLaMA-3.</param>
    /// <exception cref="LlamaxException">The file is not there, or a line of it is not sound.</exception>
    public static ByteLevelTokenizer Load(string path, TiktokenEncoding? encoding = null)
    {
        try
        {
            return FileStamp.Of(path).Length > LargestFile
                ? throw new LlamaxException($"{path} is larger than {LargestFile >> 20} MiB: no tiktoken rank file.")
                : Parse(File.ReadAllBytes(path), path, encoding);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Whether a file begins like a rank file: a line of base64, a space and a number.</summary>
    /// <param name="start">The first bytes of the file; two thousand are enough.</param>
    public static bool LooksLike(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOf((byte)'\n');
        return TiktokenRanks.TryParseLine(end < 0 ? start : start[..end], new byte[start.Length], out _, out _);
    }

    /// <summary>The number of lines that are not empty; 0 for a file that is too large.</summary>
    /// <exception cref="LlamaxException">The file cannot be read.</exception>
    internal static int CountRanks(string path)
    {
        try
        {
            return FileStamp.Of(path).Length > LargestFile ? 0 : File.ReadLines(path).Count(line => line.Length > 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="content">The lines.</param>
    /// <param name="path">What errors name.</param>
    /// <param name="encoding">What the file belongs to, or null.</param>
    internal static ByteLevelTokenizer Parse(ReadOnlySpan<byte> content, string path, TiktokenEncoding? encoding)
    {
        var ranks = new TiktokenRanks(content, path);
        encoding ??= TiktokenEncoding.OfRanks(ranks.Count) ?? TiktokenEncoding.Llama3;
        var special = encoding.Special(ranks.Count);
        if (special[0].Id < ranks.Count)
        {
            throw new LlamaxException(
                $"{path} has {ranks.Count} ranks, more than fit before the special tokens of {encoding.Name}, whose published file has {encoding.Ranks}. It belongs to another encoding.");
        }

        var vocabulary = ranks.Vocabulary(special);
        return new ByteLevelTokenizer(new ByteLevelDefinition
        {
            Vocabulary = vocabulary,
            Merges = ranks.Merges(vocabulary),
            Pattern = encoding.Pattern,
            WholeWordsFirst = true,
            Special = special.ToDictionary(token => token.Name, token => token.Id),
            BosId = Id(encoding.Bos),
            EosId = Id(encoding.Eos),
            AddBos = encoding.AddBos,
        });

        int? Id(string? name) => name is null ? null : special.First(token => token.Name == name).Id;
    }
}
