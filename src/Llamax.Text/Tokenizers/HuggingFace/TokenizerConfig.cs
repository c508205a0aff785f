using Llamax.Text.Tokenizers.HuggingFace.Added;
using Llamax.Text.Tokenizers.HuggingFace.Json;
using Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

namespace Llamax.Text.Tokenizers.HuggingFace;

/// <summary>
/// What <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> beside a <c>tokenizer.json</c> add to it: the
/// roles of tokens, more added tokens, and for some classes what stands around a text. Read as Hugging Face's
/// transformers reads them, the former before the latter.
/// </summary>
internal sealed class TokenizerConfig
{
    // In the order in which transformers adds them.
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    // Classes that build their own frame from add_bos_token and add_eos_token, whatever tokenizer.json says.
    private static readonly string[] OwnFrame = ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer", "CohereTokenizer"];

    private readonly JsonPart?[] parts;
    private readonly bool hasOwnFrame;
    private readonly bool addBos;
    private readonly bool addEos;
    private readonly bool? addPrefixSpace;

    private TokenizerConfig(JsonPart? config, JsonPart? map)
    {
        parts = [config, map];
        AddedTokens = [.. (config?.Find("added_tokens_decoder")?.Properties ?? [])
            .Select(token => (Id: int.TryParse(token.Name, out var id) ? id : throw token.Value.Error("is no id."), token.Value))
            .OrderBy(token => token.Id).Select(token => Token(token.Value, special: false))];
        SpecialTokens = [.. Roles.Select(Find).Concat(parts.SelectMany(part => part?.Find("additional_special_tokens")?.Items ?? []).Select(item => (JsonPart?)item))
            .OfType<JsonPart>().Select(token => Token(token, special: true))];
        hasOwnFrame = config?.OptionalText("tokenizer_class") is { } name
            && OwnFrame.Contains(name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name);
        (addBos, addEos) = (config?.Flag("add_bos_token", true) ?? true, config?.Flag("add_eos_token", false) ?? false);
        addPrefixSpace = config?.Find("add_prefix_space") is null ? null : config?.Flag("add_prefix_space");
    }

    /// <summary>Tokens to add to those of tokenizer.json.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>Tokens to add where they are not among the added ones yet.</summary>
    public IReadOnlyList<AddedToken> SpecialTokens { get; }

    /// <summary>The begin-of-sentence token, or null.</summary>
    public string? Bos => Role("bos_token");

    /// <summary>The end-of-sentence token, or null.</summary>
    public string? Eos => Role("eos_token");

    /// <summary>The padding token, or null.</summary>
    public string? Pad => Role("pad_token");

    /// <summary>The unknown token, or null.</summary>
    public string? Unknown => Role("unk_token");

    /// <summary>Reads the files beside a tokenizer.json; what is not there says nothing.</summary>
    /// <exception cref="LlamaxException">One of them is not sound.</exception>
    public static TokenizerConfig ReadBeside(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new TokenizerConfig(
            JsonTree.ReadFile(Path.Combine(folder, "tokenizer_config.json")), JsonTree.ReadFile(Path.Combine(folder, "special_tokens_map.json")));
    }

    /// <summary>
    /// How a text is cut. A stated <c>add_prefix_space</c> counts where ByteLevel is the whole pre-tokenizer: transformers
    /// writes it into that one and leaves others as the file has them.
    /// </summary>
    public PieceStep[] Steps(TokenizerFile file) => addPrefixSpace is not { } add || !file.IsByteLevel ? file.Steps
        : [.. add ? (PieceStep[])[new PrefixSpaceStep()] : [], .. file.Steps.Where(step => step is not PrefixSpaceStep)];

    /// <summary>What stands around a text.</summary>
    /// <param name="stated">What tokenizer.json says.</param>
    /// <param name="bos">The begin-of-sentence id.</param>
    /// <param name="eos">The end-of-sentence id.</param>
    public SequenceFrame Frame(SequenceFrame stated, int? bos, int? eos) => !hasOwnFrame ? stated
        : new SequenceFrame(addBos && bos is { } first ? [first] : [], addEos && eos is { } last ? [last] : []);

    private string? Role(string name) => Find(name) is { } part ? Token(part, special: true).Content : null;

    private JsonPart? Find(string name) => Array.Find(parts, part => part?.Find(name) is not null)?.Find(name);

    /// <summary>A token, written as a string or with its properties.</summary>
    private static AddedToken Token(JsonPart part, bool special) => part.IsText
        ? new AddedToken(part.AsText()) { Special = special }
        : new AddedToken(part.Text("content"))
        {
            SingleWord = part.Flag("single_word", false),
            StripLeft = part.Flag("lstrip", false),
            StripRight = part.Flag("rstrip", false),
            Normalized = part.Flag("normalized", !part.Flag("special", special)),
            Special = part.Flag("special", special),
        };
}
