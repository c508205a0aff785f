using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Converting;

/// <summary>What a converted model shall be.</summary>
public sealed record ConvertOptions
{
    /// <summary>The number type of what is a floating-point number; as stored where null.</summary>
    public ScalarType? Type { get; init; }

    /// <summary>Weights beyond this many bytes are written in shards with an index. Default 5 GB.</summary>
    public long ShardBytes { get; init; } = 5_000_000_000;

    /// <summary>Rows of the embedding and the output; new ones are the mean of the old. As they are where null.</summary>
    public int? Vocabulary { get; init; }
}
