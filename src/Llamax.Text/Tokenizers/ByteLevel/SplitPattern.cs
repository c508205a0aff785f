namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>
/// The regular expression by which a byte-level tokenizer cuts text into words before it encodes each of them. The
/// published ones are hand-written scanners; any other one goes through a regular expression engine.
/// </summary>
internal abstract class SplitPattern
{
    /// <summary>GPT-2's pattern, as in OpenAI's gpt2, r50k and p50k encodings.</summary>
    public const string Gpt2Regex = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>LLaMA-3's pattern, which is that of OpenAI's cl100k.</summary>
    public const string Llama3Regex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen2's pattern: LLaMA-3's with single digits.</summary>
    public const string Qwen2Regex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The pattern of OpenAI's o200k, also used by LLaMA-4 and Phi-4.</summary>
    public const string O200kRegex =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-2's words.</summary>
    public static SplitPattern Gpt2 { get; } = new Gpt2Scanner(isolateNumbers: false);

    /// <summary>Cohere's: every number character by itself, GPT-2's words in what lies between.</summary>
    public static SplitPattern CommandR { get; } = new Gpt2Scanner(isolateNumbers: true);

    /// <summary>LLaMA-3's words.</summary>
    public static SplitPattern Llama3 { get; } = new Llama3Scanner(digits: 3);

    /// <summary>Qwen2's words.</summary>
    public static SplitPattern Qwen2 { get; } = new Llama3Scanner(digits: 1);

    /// <summary>o200k's words.</summary>
    public static SplitPattern O200k { get; } = new O200kScanner();

    /// <summary>The pattern of a regular expression, as a tokenizer.json states it.</summary>
    /// <param name="regex">In Oniguruma's Ruby syntax, as Hugging Face's library reads it.</param>
    /// <exception cref="LlamaxException">The expression uses what Llamax does not know to read in the same way.</exception>
    public static SplitPattern Find(string regex) => regex switch
    {
        Gpt2Regex => Gpt2,
        Llama3Regex => Llama3,
        Qwen2Regex => Qwen2,
        O200kRegex => O200k,
        _ => new RegexPattern(regex),
    };

    /// <summary>Cuts a text.</summary>
    /// <param name="utf8">Well-formed UTF-8.</param>
    /// <param name="pieces">Cleared first; then receives matches and what lies between them, which together cover the text.</param>
    public abstract void Split(ReadOnlySpan<byte> utf8, SplitPieces pieces);
}
