using System.Globalization;

namespace Llamax.Models.Families;

/// <summary>
/// A family of models: how its <c>config.json</c> describes a network, and what its weights are called. The networks
/// themselves know nothing of families.
/// </summary>
internal abstract record Family
{
    /// <summary>What nearly all families call the output weight.</summary>
    public const string UsualOutput = "lm_head.weight";

    /// <summary>The name, which is <c>model_type</c> in <c>config.json</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Models of this family that the paper or its users name.</summary>
    public required string Models { get; init; }

    /// <summary>The first of <c>architectures</c> in <c>config.json</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The prompt template of the paper's Table 14 for this family; null where languages are told by tokens.</summary>
    public string? Template { get; init; }

    /// <summary>Whether what it computes was compared with a reference implementation.</summary>
    public bool Tested { get; init; } = true;

    /// <summary>Whether the output is the embedding where <c>config.json</c> does not say <c>tie_word_embeddings</c>.</summary>
    public bool TiedByDefault { get; init; } = true;

    /// <summary>
    /// What a checkpoint's names may begin with: files were written by classes with a head and by classes without, which
    /// leave it out.
    /// </summary>
    public string BasePrefix { get; init; } = "";

    /// <summary>Other names under which a weight may be stored, for each that has any.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Aliases { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>
    /// How the names of tensors end, from a dot on, that are no weights here and need no word: buffers that are computed anew,
    /// and what only other uses of a model have.
    /// </summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>What the layers of each stack are called.</summary>
    public abstract IEnumerable<LayerNames> Layers { get; }

    /// <summary>Whether a tensor of that name is none of the model's weights.</summary>
    /// <param name="name">A name in a checkpoint.</param>
    public bool Ignores(string name) => Ignored.Any(ending =>
        name.EndsWith(ending, StringComparison.Ordinal) && (name.Length == ending.Length || name[^(ending.Length + 1)] == '.'));

    /// <summary>The number of the layer that a tensor belongs to, or null where it belongs to none.</summary>
    /// <param name="name">A name in a checkpoint, with its class's prefix or without.</param>
    /// <param name="layers">One of <see cref="Layers"/>.</param>
    public int? LayerOf(string name, LayerNames layers)
    {
        var parts = layers.Prefix.Split("{0}");
        foreach (var known in NamesOf(name).Where(known => known.StartsWith(parts[0], StringComparison.Ordinal)))
        {
            var end = known.IndexOf(parts[1], parts[0].Length, StringComparison.Ordinal);
            if (end > 0 && int.TryParse(known.AsSpan(parts[0].Length..end), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>Whether a name is the usual one of a weight that has others, its class's prefix aside.</summary>
    /// <param name="name">A name in a checkpoint.</param>
    public bool IsUsual(string name) => Aliases.ContainsKey(name) || Aliases.ContainsKey(BasePrefix + name);

    /// <summary>The names under which a weight may be stored, the usual one first.</summary>
    /// <param name="name">The usual name.</param>
    public IEnumerable<string> NamesOf(string name)
    {
        foreach (var known in Aliases.GetValueOrDefault(name, []).Prepend(name))
        {
            yield return known;
            if (BasePrefix.Length > 0)
            {
                yield return known.StartsWith(BasePrefix, StringComparison.Ordinal) ? known[BasePrefix.Length..] : BasePrefix + known;
            }
        }
    }
}
