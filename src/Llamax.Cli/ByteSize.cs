namespace Llamax.Cli;

/// <summary>Numbers of bytes as people read them.</summary>
internal static class ByteSize
{
    /// <summary>In the largest unit, a thousand times the one before, of which there is at least one.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:F1} kB",
        < 1_000_000_000 => $"{bytes / 1e6:F1} MB",
        _ => $"{bytes / 1e9:F2} GB",
    };
}
