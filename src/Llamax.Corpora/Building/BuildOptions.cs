using Llamax.Corpora.Building.Sharing;

namespace Llamax.Corpora.Building;

/// <summary>How a training set is built, as far as it does not change what is built, but for the seed.</summary>
public sealed record BuildOptions
{
    /// <summary>The run's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Threads at most; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Which part of the work falls to this process.</summary>
    public WorkShare Share { get; init; } = WorkShare.Alone;

    /// <summary>Records that cannot be read are counted and left out; more than this end the building.</summary>
    public long MaxBadRecords { get; init; } = long.MaxValue;

    /// <summary>
    /// What the training set depends on beside the sources, the options and the seed, in words: the dictionaries, how words
    /// are cut. Finished work of other words is not taken up.
    /// </summary>
    public string Identity { get; init; } = "";

    /// <summary>SHA-256 of a file; null to read it.</summary>
    public Func<string, string>? HashOf { get; init; }

    /// <summary>
    /// A plain file of lines that has room for several parts of so many bytes is worked on in parts, each by itself. The
    /// shards are cut by it, so that it stays as it is.
    /// </summary>
    internal long PartBytes { get; init; } = 1 << 30;

    /// <summary>Told from time to time.</summary>
    public IProgress<BuildProgress>? Progress { get; init; }

    /// <summary>Told what deserves a line of its own: the first lines that cannot be read.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Where time comes from, for rates and for the statistics.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
