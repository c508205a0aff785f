namespace Llamax.Corpora.Readers;

/// <summary>What has been read so far; one thread reads.</summary>
public sealed class ReadingStatistics
{
    /// <summary>Bytes, unpacked.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Lines that were not UTF-8 and were left out or mended.</summary>
    public long InvalidLines { get; internal set; }
}
