using System.Globalization;

namespace Llamax.Cli;

/// <summary>Numbers of bytes as people read and write them.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ];

    /// <summary>In the largest unit, a thousand times the one before, of which there is at least one.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:F1} kB",
        < 1_000_000_000 => $"{bytes / 1e6:F1} MB",
        _ => $"{bytes / 1e9:F2} GB",
    };

    /// <summary>Bytes of a size with a unit, or of a plain number of bytes; null where it is none, or less than one.</summary>
    public static long? Parse(string text)
    {
        var (unit, bytes) = Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase));
        return decimal.TryParse(text.AsSpan(0, text.Length - (unit?.Length ?? 0)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number < 1e15m && number * Math.Max(bytes, 1) is >= 1 and <= long.MaxValue and var size ? (long)size : null;
    }
}
