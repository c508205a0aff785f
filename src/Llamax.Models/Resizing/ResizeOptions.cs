namespace Llamax.Models.Resizing;

/// <summary>How a model's embedding and output are resized.</summary>
public sealed record ResizeOptions
{
    /// <summary>What new rows start as. Default: the mean of their old tokens' rows.</summary>
    public RowInit Init { get; init; } = RowInit.Subwords;

    /// <summary>Standard deviation of the noise, in standard deviations of the column over the old pieces. Default 0.1.</summary>
    public double NoiseScale { get; init; } = 0.1;

    /// <summary>What the noise is drawn by. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>The number of rows is rounded up to a multiple of this. Default 1.</summary>
    public int PadToMultipleOf { get; init; } = 1;
}
