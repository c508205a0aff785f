using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.Shards;

/// <summary>How a training set is cut into files.</summary>
public sealed record ShardOptions
{
    /// <summary>A shard is closed once it holds this many tokens (4 bytes each).</summary>
    [Range(1, 1 << 28)]
    public int Tokens { get; init; } = 1 << 24;

    /// <summary>A shard is closed once it holds this many entries.</summary>
    [Range(1, 1 << 26)]
    public int Rows { get; init; } = 1 << 20;
}
