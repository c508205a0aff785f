using System.Reflection;
using System.Text.Json;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>
/// What a family of models does around a SentencePiece model: which ids it gives to the pieces, which special tokens it
/// adds, and what it expects around a text. Read from JSON files with comments, in <c>Rules/</c> or in a model's folder.
/// </summary>
internal sealed record FamilyRules
{
    /// <summary>A model's own rules, which win over the families that come with Llamax.</summary>
    public const string FileInFolder = "tokenizer_family.json";

    private const string ResourcePrefix = "Llamax.Text.Tokenizers.Families.Rules.";
    private const string Extension = ".json";
    private const long LargestFile = 1 << 20;

    /// <summary>The family's name; that of the file.</summary>
    public string Name { get; set; } = "";

    /// <summary>What tokenizer_config.json may call the tokenizer's class, without <c>Fast</c> at the end.</summary>
    public IReadOnlyList<string> TokenizerClasses { get; set; } = [];

    /// <summary>What config.json may call the model's type, for folders that do not name a class.</summary>
    public IReadOnlyList<string> ModelTypes { get; set; } = [];

    /// <summary>Names under which the SentencePiece model may lie in the folder, the likeliest first.</summary>
    public required IReadOnlyList<string> ModelFiles { get; set; }

    /// <summary>A JSON file with the ids of the pieces, or fairseq's dictionary as text; null where the SentencePiece model's own count.</summary>
    public string? VocabularyFile { get; set; }

    /// <summary>
    /// A text file of the folder with the codes of <see cref="Languages"/>, of families that leave them to the folder; those
    /// that the vocabulary has tokens for need not be in it. Such a folder is known by the names of its files.
    /// </summary>
    public string? LanguagesFile { get; set; }

    /// <summary>Tokens with the ids from 0 on, whatever the SentencePiece model has there.</summary>
    public IReadOnlyList<string> First { get; set; } = [];

    /// <summary>What is added to the SentencePiece model's ids of all other pieces.</summary>
    public int Offset { get; set; }

    /// <summary>Special tokens after the pieces.</summary>
    public IReadOnlyList<TokenGroup> Last { get; set; } = [];

    /// <summary>Begin-of-sentence token.</summary>
    public string? Bos { get; set; }

    /// <summary>End-of-sentence token.</summary>
    public string? Eos { get; set; }

    /// <summary>Unknown token.</summary>
    public string? Unk { get; set; }

    /// <summary>Padding token.</summary>
    public string? Pad { get; set; }

    /// <summary>What the model expects around a text: <c>{bos}</c>, <c>{eos}</c>, <c>{language}</c> and <c>{text}</c>.</summary>
    public required IReadOnlyList<string> Frame { get; set; }

    /// <summary>The same in the family's older way, where it has one.</summary>
    public IReadOnlyList<string>? LegacyFrame { get; set; }

    /// <summary>Whether <c>{bos}</c> in the frame counts where tokenizer_config.json has no <c>add_bos_token</c>.</summary>
    public bool AddBos { get; set; } = true;

    /// <summary>Whether <c>{eos}</c> in the frame counts where tokenizer_config.json has no <c>add_eos_token</c>.</summary>
    public bool AddEos { get; set; } = true;

    /// <summary>The key in tokenizer_config.json that asks for the older way; null where there is but one.</summary>
    public string? LegacyKey { get; set; }

    /// <summary>Whether the older way holds where the key is missing.</summary>
    public bool Legacy { get; set; }

    /// <summary>Whether, in the newer way, a space is put before the text as a whole only, not before each part after a special token.</summary>
    public bool PrefixOnce { get; set; }

    /// <summary>The key in tokenizer_config.json that, where it is false, leaves that one space out, too; null where there is none.</summary>
    public string? PrefixSpaceKey { get; set; }

    /// <summary>The languages that have a token, by the family's own codes, in the order of their ids.</summary>
    public IReadOnlyList<string> Languages { get; set; } = [];

    /// <summary>The token of a language, with <c>{language}</c> for its code.</summary>
    public string LanguageToken { get; set; } = "{language}";

    /// <summary>Whether a folder asks for the older way.</summary>
    public bool IsLegacy(FolderSettings settings) => settings.Flag(LegacyKey) ?? Legacy;

    /// <summary>The token under a key of <see cref="FamilyRoles"/>.</summary>
    public string? Role(string key) => key switch
    {
        FamilyRoles.Bos => Bos,
        FamilyRoles.Eos => Eos,
        FamilyRoles.Unk => Unk,
        FamilyRoles.Pad => Pad,
        _ => null,
    };

    /// <summary>The families that come with Llamax, sorted by name.</summary>
    public static IEnumerable<FamilyRules> BuiltIn() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(name =>
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
            return Parse(stream, name[ResourcePrefix.Length..^Extension.Length]);
        });

    /// <summary>Reads a file.</summary>
    /// <exception cref="LlamaxException">It is not such a file; the message says where.</exception>
    public static FamilyRules Read(string path)
    {
        using var stream = File.OpenRead(path);
        return stream.Length <= LargestFile
            ? Parse(stream, path)
            : throw new LlamaxException($"{path}: a tokenizer family has at most {LargestFile >> 20} MiB; this file is none.");
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="stream">The JSON text.</param>
    /// <param name="name">What the family and messages are called.</param>
    /// <exception cref="LlamaxException">It is not what it must be; the message names the key.</exception>
    public static FamilyRules Parse(Stream stream, string name)
    {
        try
        {
            var rules = JsonSerializer.Deserialize(stream, FamilyRulesJson.Default.FamilyRules) ?? throw new JsonException("null, not an object.");
            return FamilyRulesCheck.Mistake(rules) is { } mistake ? throw new LlamaxException($"{name}: {mistake}") : rules with { Name = name };
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{name}: is no tokenizer family: {exception.Message}", exception);
        }
    }
}
