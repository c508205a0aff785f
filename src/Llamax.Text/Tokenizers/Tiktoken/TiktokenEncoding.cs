using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.Tiktoken;

/// <summary>What a tiktoken rank file leaves open: how text is cut into words, and which special tokens there are.</summary>
public sealed class TiktokenEncoding
{
    private const string EndOfText = "<|endoftext|>";

    private readonly Func<int, IEnumerable<(string Name, int Id)>> special;

    private TiktokenEncoding(string name, int ranks, SplitPattern pattern, Func<int, IEnumerable<(string Name, int Id)>> special)
    {
        (Name, Ranks, Pattern, this.special) = (name, ranks, pattern, special);
    }

    /// <summary>
    /// LLaMA-3: 256 special tokens after the ranks. Later versions of the model give names to some of the reserved ones.
    /// </summary>
    public static TiktokenEncoding Llama3 { get; } = new("llama3", 128_000, SplitPattern.Llama3, Llama3Tokens)
    {
        Bos = "<|begin_of_text|>",
        Eos = "<|end_of_text|>",
        AddBos = true,
    };

    /// <summary>OpenAI's GPT-2 and r50k_base.</summary>
    public static TiktokenEncoding Gpt2 { get; } = new("gpt2", 50_256, SplitPattern.Gpt2, ranks => [(EndOfText, ranks)])
    {
        Bos = EndOfText,
        Eos = EndOfText,
    };

    /// <summary>OpenAI's cl100k_base (GPT-4).</summary>
    public static TiktokenEncoding Cl100k { get; } = new("cl100k", 100_256, SplitPattern.Llama3, _ =>
        [(EndOfText, 100_257), ("<|fim_prefix|>", 100_258), ("<|fim_middle|>", 100_259), ("<|fim_suffix|>", 100_260), ("<|endofprompt|>", 100_276)])
    {
        Eos = EndOfText,
    };

    /// <summary>OpenAI's o200k_base (GPT-4o).</summary>
    public static TiktokenEncoding O200k { get; } = new("o200k", 199_998, SplitPattern.O200k, _ => [(EndOfText, 199_999), ("<|endofprompt|>", 200_018)])
    {
        Eos = EndOfText,
    };

    /// <summary>All encodings.</summary>
    public static IReadOnlyList<TiktokenEncoding> All { get; } = [Llama3, Gpt2, Cl100k, O200k];

    /// <summary>The encoding's name: <c>llama3</c>, <c>gpt2</c>, <c>cl100k</c> or <c>o200k</c>.</summary>
    public string Name { get; }

    /// <summary>Number of ranks in the published file.</summary>
    public int Ranks { get; }

    internal SplitPattern Pattern { get; }

    internal string? Bos { get; private init; }

    internal string? Eos { get; private init; }

    internal bool AddBos { get; private init; }

    /// <summary>The encoding whose published file has so many ranks, or null.</summary>
    /// <param name="ranks">Number of ranks in a file.</param>
    public static TiktokenEncoding? OfRanks(int ranks) => All.FirstOrDefault(encoding => encoding.Ranks == ranks);

    /// <summary>The special tokens.</summary>
    /// <param name="ranks">Number of ranks in the file.</param>
    internal IReadOnlyList<(string Name, int Id)> Special(int ranks) => [.. special(ranks)];

    // The order is that of Meta's published tokenizer.py.
    private static IEnumerable<(string Name, int Id)> Llama3Tokens(int ranks)
    {
        string[] first =
        [
            "begin_of_text", "end_of_text", "reserved_special_token_0", "reserved_special_token_1", "reserved_special_token_2",
            "reserved_special_token_3", "start_header_id", "end_header_id", "reserved_special_token_4", "eot_id",
        ];
        return first.Concat(Enumerable.Range(5, 256 - first.Length).Select(i => $"reserved_special_token_{i}"))
            .Select((name, i) => ($"<|{name}|>", ranks + i));
    }
}
