using Llamax.Models.Checkpoints;
using Llamax.Models.Families;

namespace Llamax.Models.Branches;

/// <summary>The open files of an encoder and a decoder, and the shape of the network that they make.</summary>
internal sealed class BranchPair : IDisposable
{
    /// <summary>Bytes compared at once.</summary>
    private const int Chunk = 1 << 20;

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
        var first = BranchFile.Open(Path.Combine(folder, encoder), "encoder");
        WeightFiles? files = null;
        try
        {
            var second = BranchFile.Open(Path.Combine(folder, decoder), "decoder");
            files = WeightFiles.Of($"{Path.Combine(folder, encoder)} and {decoder}", first, second);
            return new BranchPair(files, folder);
        }
        catch
        {
            first.Dispose();
            files?.Dispose();
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
        if (Files.Entries.FirstOrDefault(entry => !known.Contains(entry.Name)) is { } other)
        {
            throw new LlamaxException($"{Files.Holding(other.Name).Path}: '{other.Name}' is no weight of the network, which has {config.Encoder.Layers} layers that read and {config.Decoder.Layers} that write, as M2M-100's.");
        }
    }

    /// <summary>Whether two tensors are the same, or one of them is not there. Of those that differ, little is read.</summary>
    private bool AreSame(string first, string second)
    {
        if (Files.Find(first) is not { } a || Files.Find(second) is not { } b)
        {
            return true;
        }

        if (a.Type != b.Type || !a.Shape.SequenceEqual(b.Shape) || a.Strides is not null || b.Strides is not null)
        {
            return false;
        }

        var (ours, theirs) = (Files.Holding(first), Files.Holding(second));
        if (ours == theirs && a.Offset == b.Offset)
        {
            return true;
        }

        var (left, right) = (new byte[Math.Min(Chunk, a.Length)], new byte[Math.Min(Chunk, a.Length)]);
        for (var at = 0L; at < a.Length; at += Chunk)
        {
            var length = (int)Math.Min(Chunk, a.Length - at);
            ours.ReadBytes(a, at, left.AsSpan(0, length));
            theirs.ReadBytes(b, at, right.AsSpan(0, length));
            if (!left.AsSpan(0, length).SequenceEqual(right.AsSpan(0, length)))
            {
                return false;
            }
        }

        return true;
    }
}
