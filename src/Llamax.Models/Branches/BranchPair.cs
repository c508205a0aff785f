using Llamax.Models.Checkpoints;
using Llamax.Models.Families;

namespace Llamax.Models.Branches;

/// <summary>The open files of an encoder and a decoder, and the shape of the network that they make.</summary>
internal sealed class BranchPair : IDisposable
{
    private readonly string source;

    private BranchPair(WeightFiles files, string folder) => (Files, source) = (files, Path.Combine(folder, ConfigFile.Name));

    /// <summary>The weights, under the names of the family.</summary>
    public WeightFiles Files { get; }

    /// <summary>What <c>config.json</c> says, or would say.</summary>
    public JsonKeys Keys => new(source, File.Exists(source) ? JsonKeys.Parse(source) : LegoMt.Describe(Files));

    /// <summary>Opens the files.</summary>
    /// <exception cref="LlamaxException">One is broken.</exception>
    public static BranchPair Open(string folder, string encoder, string decoder)
    {
        var files = new WeightFiles($"{Path.Combine(folder, encoder)} and {decoder}");
        try
        {
            files.Add(BranchFile.Open(Path.Combine(folder, encoder), "encoder"));
            files.Add(BranchFile.Open(Path.Combine(folder, decoder), "decoder"));
            return new BranchPair(files, folder);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The shape of the network; embeddings and output are one where their numbers are the same, or only one is there.</summary>
    /// <exception cref="LlamaxException">The files make no network.</exception>
    public SequenceToSequenceConfig Shape()
    {
        var config = LegoMt.Family.Read(Keys);
        var embedding = Files.Find(LegoMt.DecoderEmbedding, LegoMt.EncoderEmbedding)?.Name ?? LegoMt.DecoderEmbedding;
        config = config with
        {
            SharedEmbedding = AreSame(LegoMt.EncoderEmbedding, LegoMt.DecoderEmbedding),
            Decoder = config.Decoder with { TiedEmbeddings = AreSame(embedding, LegoMt.Output) },
        };
        CheckNames(config.Checked(source));
        return config;
    }

    public void Dispose() => Files.Dispose();

    /// <summary>Tensors that the network has no place for would be left out of what it computes.</summary>
    private void CheckNames(SequenceToSequenceConfig config)
    {
        var known = ModelLoader.Shapes((type, device) => new SequenceToSequenceModel(config, type, device), model => model.Weights())
            .Select(weight => weight.Name).Append(LegoMt.DecoderEmbedding).Append(LegoMt.Output).ToHashSet(StringComparer.Ordinal);
        TensorEntry[] others = [.. Files.Entries.Where(entry => !known.Contains(entry.Name))];
        if (others.Length > 0)
        {
            throw new LlamaxException(
                $"{Files.Holding(others[0].Name).Path}: {UnplacedTensors.List(others)} {(others.Length == 1 ? "is no weight" : "are no weights")} of the network, which has "
                + $"{config.Encoder.Layers} layers that read ({LegoMt.Family.Encoder.Layer.CountKey}) and {config.Decoder.Layers} that write ({LegoMt.Family.Decoder.Layer.CountKey}), as M2M-100's. "
                + $"Say in {source} how many there are, or take those tensors out of the file.");
        }
    }

    /// <summary>Whether two tensors are the same, or one of them is not there.</summary>
    private bool AreSame(string first, string second) =>
        Files.Find(first) is null || Files.Find(second) is null || Files.AreSame(first, second);
}
