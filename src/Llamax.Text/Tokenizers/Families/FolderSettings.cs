using System.Globalization;
using System.Text.Json;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>What a model folder says about its tokenizer besides the SentencePiece model.</summary>
internal sealed class FolderSettings
{
    private const string ConfigFile = "tokenizer_config.json";
    private const string Fast = "Fast";

    private readonly JsonFile? config;
    private readonly JsonFile? specialMap;

    private FolderSettings(string folder)
    {
        config = JsonFile.ReadIfThere(Path.Combine(folder, ConfigFile));
        specialMap = JsonFile.ReadIfThere(Path.Combine(folder, "special_tokens_map.json"));
        TokenizerClass = config?.Text("tokenizer_class");
        ModelType = JsonFile.ReadIfThere(Path.Combine(folder, "config.json"))?.Text("model_type");
        Added = ReadAdded(folder);
    }

    /// <summary>For a SentencePiece model without a folder.</summary>
    public FolderSettings() => Added = [];

    /// <summary><c>tokenizer_class</c>.</summary>
    public string? TokenizerClass { get; }

    /// <summary>The same without <c>Fast</c> at the end.</summary>
    public string? PlainClass => TokenizerClass is { } name && name.EndsWith(Fast, StringComparison.Ordinal) ? name[..^Fast.Length] : TokenizerClass;

    /// <summary><c>model_type</c>.</summary>
    public string? ModelType { get; }

    /// <summary>The tokens that the folder adds to the SentencePiece model, or names again.</summary>
    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>Tokens of <see cref="Added"/> that only the tokenizer.json has, which may belong to another model.</summary>
    public IReadOnlySet<string> OfJson { get; private set; } = new HashSet<string>();

    /// <summary>Whether BOS belongs before a text, or null where nothing is said.</summary>
    public bool? AddBos => config?.Flag("add_bos_token");

    /// <summary>Whether EOS belongs after a text, or null where nothing is said.</summary>
    public bool? AddEos => config?.Flag("add_eos_token");

    /// <summary>Special tokens that the folder names without an id.</summary>
    public IEnumerable<string> AdditionalSpecial =>
        (config?.TokenNames("additional_special_tokens") ?? []).Concat(specialMap?.TokenNames("additional_special_tokens") ?? []).Distinct();

    /// <summary>Reads what is there of tokenizer_config.json, config.json, special_tokens_map.json and the lists of added tokens.</summary>
    /// <exception cref="LlamaxException">One of them is not sound.</exception>
    public static FolderSettings Read(string folder) => new(folder);

    /// <summary>A switch of tokenizer_config.json.</summary>
    public bool? Flag(string? key) => key is null ? null : config?.Flag(key);

    /// <summary>A count of tokenizer_config.json.</summary>
    public int? Count(string? key) => key is null ? null : config?.Count(key);

    /// <summary>The name of a token such as <c>bos_token</c>, or null where the folder has none.</summary>
    public string? Role(string key) => config?.TokenName(key) ?? specialMap?.TokenName(key);

    private List<AddedToken> ReadAdded(string folder)
    {
        var tokens = new List<AddedToken>();
        if (config?.Get("added_tokens_decoder") is { } decoder)
        {
            if (decoder.ValueKind != JsonValueKind.Object)
            {
                throw config.Wrong("added_tokens_decoder", "an object");
            }

            foreach (var (key, value) in decoder.EnumerateObject().Select(property => (property.Name, property.Value)))
            {
                tokens.Add(int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                    ? config.Token(value, id, $"added_tokens_decoder.{key}")
                    : throw config.Wrong($"added_tokens_decoder.{key}", "an id"));
            }

            return tokens;
        }

        tokens.AddRange(JsonFile.ReadAddedTokens(Path.Combine(folder, "tokenizer.json")));
        OfJson = tokens.Select(token => token.Name).ToHashSet(StringComparer.Ordinal);
        if (JsonFile.ReadIfThere(Path.Combine(folder, "added_tokens.json")) is { } added)
        {
            var special = AdditionalSpecial.Concat(FamilyRoles.Keys.Select(Role)).ToHashSet(StringComparer.Ordinal);
            tokens.AddRange(added.Ids().Where(token => token.Key.Length > 0 && !OfJson.Contains(token.Key))
                .Select(token => new AddedToken(token.Key, token.Value, special.Contains(token.Key))));
        }

        return tokens;
    }
}
