using Llamax.Models.Families;
using static TorchSharp.torch;

namespace Llamax.Models.Branches;

/// <summary>
/// A model whose encoders and decoders are files of their own, of which two are loaded at a time: Lego-MT. The names of the
/// multilingual ones are the release's; for those of the languages it states none, so that they are assumed.
/// </summary>
public sealed class BranchFolder
{
    private const string Extension = ".pt";

    private readonly string folder;

    private BranchFolder(string folder)
    {
        this.folder = folder;
        Encoders = Names("encoder", "main");
        Decoders = Names("decoder", "m2m");
    }

    /// <summary>The encoders' files, the multilingual one first.</summary>
    public IReadOnlyList<string> Encoders { get; }

    /// <summary>The decoders' files, the multilingual one first.</summary>
    public IReadOnlyList<string> Decoders { get; }

    /// <summary>Whether there is no <c>config.json</c>: then the shape is that of the tensors, with the heads that M2M-100 has.</summary>
    public bool IsDerived => !File.Exists(Path.Combine(folder, ConfigFile.Name));

    /// <summary>The branches of a model folder, or null where it is another model's.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="LlamaxException"><c>config.json</c> names the family, and no branches are there.</exception>
    public static BranchFolder? Find(string folder)
    {
        if (File.Exists(Path.Combine(folder, ConfigFile.Name)))
        {
            return ConfigFile.Open(folder).Family.Name == LegoMt.Name ? new BranchFolder(folder) : null;
        }

        return Directory.Exists(folder) && new BranchFolder(folder) is { } found && found.Encoders.Count + found.Decoders.Count > 0 ? found : null;
    }

    /// <summary>The files of the two branches that translate.</summary>
    /// <param name="flow">Which branches are wanted.</param>
    /// <param name="from">The source language's code in the model's tokens, such as <c>de</c>.</param>
    /// <param name="to">The target language's.</param>
    /// <exception cref="LlamaxException">One is not there.</exception>
    public (string Encoder, string Decoder) Choose(BranchFlow flow, string from, string to) => (
        Choose(Encoders, $"encoder_{from}{Extension}", $"encoder_main{Extension}", flow, flow is BranchFlow.Enc or BranchFlow.Both),
        Choose(Decoders, $"decoder_{to}{Extension}", $"decoder_m2m{Extension}", flow, flow is BranchFlow.Dec or BranchFlow.Both));

    /// <summary>Reads two branches, and no other.</summary>
    /// <param name="branches">Of <see cref="Choose(BranchFlow, string, string)"/>.</param>
    /// <param name="type">Number type of the weights in memory; as stored where null.</param>
    /// <param name="device">Where the weights shall live; the CPU where null.</param>
    /// <exception cref="LlamaxException">A file is missing or broken, or a weight is missing, of another shape, or not the network's.</exception>
    public SequenceToSequenceModel Load((string Encoder, string Decoder) branches, ScalarType? type = null, Device? device = null)
    {
        using var pair = Open(branches);
        var config = pair.Shape();
        var stored = ModelLoader.Find(pair.Files, LegoMt.Family, ModelLoader.Shapes(Make, model => model.Weights()));
        return ModelLoader.Load(folder, pair.Files, stored, Make, model => model.Weights(), type, device);

        SequenceToSequenceModel Make(ScalarType? number, Device? place) => new(config, number, place);
    }

    /// <summary>The multilingual branches, or the first of those that are there.</summary>
    /// <exception cref="LlamaxException">There is no encoder or no decoder.</exception>
    internal (string Encoder, string Decoder) Default => (First(Encoders, "encoder_main"), First(Decoders, "decoder_m2m"));

    /// <summary>What <c>config.json</c> would say.</summary>
    internal JsonKeys Describe()
    {
        using var pair = Open(Default);
        return pair.Keys;
    }

    /// <summary>Opens the files of two branches.</summary>
    internal BranchPair Open((string Encoder, string Decoder) branches) => BranchPair.Open(folder, branches.Encoder, branches.Decoder);

    private string First(IReadOnlyList<string> names, string usual) => names.Count > 0 ? names[0] : throw new LlamaxException(
        $"{folder}: there is no {usual}{Extension}, nor a language's own. Put the checkpoints of Lego-MT's branches there.");

    private string Choose(IReadOnlyList<string> there, string own, string common, BranchFlow flow, bool wantsOwn)
    {
        if ((wantsOwn || flow == BranchFlow.Auto) && there.Contains(own, StringComparer.Ordinal))
        {
            return own;
        }

        return !wantsOwn && there.Contains(common, StringComparer.Ordinal) ? common : throw new LlamaxException(
            $"{folder}: there is no {(flow == BranchFlow.Auto ? $"{own} and no {common}" : wantsOwn ? own : common)}, which the flow '{flow.ToString().ToLowerInvariant()}' needs; "
            + $"there {(there.Count == 0 ? "is none of the kind" : $"are {string.Join(", ", there)}")}. Put the checkpoint there, or choose another flow.");
    }

    private string[] Names(string half, string common) =>
    [
        .. (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"{half}_*{Extension}") : []).Select(file => Path.GetFileName(file))
            .OrderBy(name => name != $"{half}_{common}{Extension}").ThenBy(name => name, StringComparer.Ordinal),
    ];
}
