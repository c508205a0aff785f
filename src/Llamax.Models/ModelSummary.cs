using Llamax.Models.Branches;
using Llamax.Models.Checkpoints;
using Llamax.Models.Families;

namespace Llamax.Models;

/// <summary>What a model folder holds, found without loading the weights.</summary>
public sealed record ModelSummary
{
    /// <summary>The architecture's family, for example <c>llama</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Models that are of this family.</summary>
    public required string FamilyModels { get; init; }

    /// <summary>The prompt template that it is asked for translations with; null where languages are told by tokens.</summary>
    public string? Template { get; init; }

    /// <summary>The kind of network.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Whether the family was compared with a reference implementation.</summary>
    public required bool Tested { get; init; }

    /// <summary>The files of a model that comes in branches, of which everything here is said of two; otherwise null.</summary>
    public BranchFolder? Branches { get; init; }

    /// <summary>The shape of what reads the source; null in a causal language model.</summary>
    public EncoderConfig? Encoder { get; init; }

    /// <summary>The shape of what writes text; null in an encoder.</summary>
    public DecoderConfig? Decoder { get; init; }

    /// <summary>Number of weights; tied ones count once.</summary>
    public required long Parameters { get; init; }

    /// <summary>The number types of the stored weights as PyTorch names them, with the bytes in each.</summary>
    public required IReadOnlyDictionary<string, long> StoredBytes { get; init; }

    /// <summary>Stored tensors that the network has no place for, which are not used: those that computed buffers leave behind apart.</summary>
    public required IReadOnlyList<UnusedWeight> Unused { get; init; }

    /// <summary>What to know of <see cref="Unused"/>, in words; null where there are none.</summary>
    public string? UnusedNote { get; init; }

    /// <summary>Bytes of all the weights in memory, by number type.</summary>
    public IReadOnlyDictionary<string, long> WeightBytes => ByType(Parameters);

    /// <summary>Bytes of keys and values that one written token takes in the cache, by number type; none in an encoder.</summary>
    public IReadOnlyDictionary<string, long> CacheBytesPerToken =>
        ByType(Decoder is { } decoder ? 2L * decoder.Layers * decoder.KeyValueHeads * decoder.HeadSize : 0);

    /// <summary>Reads configuration and what describes the weights, and checks that every weight is there in its shape.</summary>
    /// <param name="folder">A Hugging Face folder.</param>
    /// <exception cref="LlamaxException">A file is missing or broken, or does not fit the configuration, more layers than it says included.</exception>
    public static ModelSummary Read(string folder)
    {
        var (family, json) = ConfigFile.Open(folder);
        var branches = BranchFolder.Find(folder);
        using var pair = branches?.Open(branches.Default);
        using var files = pair?.Files ?? WeightFiles.Open(folder);
        var (encoder, decoder, shapes) = pair is null ? Shape(family, json) : Shape(pair.Shape());
        var stored = ModelLoader.Find(files, family, shapes);

        // Of branches nothing is left over: it would have been an error.
        var unused = pair is not null ? [] : UnplacedTensors.Find(json.Source, files, family, [.. shapes.Select(weight => weight.Name)], stored);

        return new ModelSummary
        {
            Family = family.Name,
            FamilyModels = family.Models,
            Kind = ConfigFile.KindOf(folder),
            Template = family.Template,
            Tested = family.Tested,
            Branches = branches,
            Encoder = encoder,
            Decoder = decoder,
            Parameters = shapes.Sum(weight => weight.Shape.Aggregate(1L, (product, size) => product * size)),
            Unused = [.. unused.Select(entry => new UnusedWeight(entry.Name, entry.Shape))],
            UnusedNote = unused.Count == 0 ? null : UnplacedTensors.Explain(folder, files, family, unused),
            StoredBytes = files.Entries.GroupBy(entry => ModelFolder.TorchName(entry.Type))
                .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Length), StringComparer.Ordinal),
        };
    }

    private static (EncoderConfig?, DecoderConfig?, List<(string Name, long[] Shape)>) Shape(Family family, JsonKeys json)
    {
        switch (family)
        {
            case DecoderFamily causal:
                var decoder = causal.Read(json).Checked(json.Source);
                return (null, decoder, ModelLoader.Shapes((type, device) => new CausalLanguageModel(decoder, type, device), model => model.Weights()));
            case EncoderFamily reading:
                var encoder = reading.Read(json).Checked(json.Source);
                return (encoder, null, ModelLoader.Shapes((type, device) => new EncoderModel(encoder, type, device), model => model.Weights()));
            default:
                return Shape(((SequenceToSequenceFamily)family).Read(json).Checked(json.Source));
        }
    }

    private static (EncoderConfig?, DecoderConfig?, List<(string Name, long[] Shape)>) Shape(SequenceToSequenceConfig both) =>
        (both.Encoder, both.Decoder, ModelLoader.Shapes((type, device) => new SequenceToSequenceModel(both, type, device), model => model.Weights()));

    private static Dictionary<string, long> ByType(long numbers) => new(StringComparer.Ordinal)
    {
        ["float32"] = 4 * numbers,
        ["bfloat16"] = 2 * numbers,
    };
}
