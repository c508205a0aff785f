namespace Llamax.Reports.Charts;

/// <summary>Round numbers for axes and colour scales.</summary>
internal static class Axis
{
    /// <summary>The smallest of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × 10^k that is not below the value; 1 for 0 and less.</summary>
    public static double NiceCeiling(double value)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            return 1;
        }

        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)));
        double[] steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
        return steps.First(step => step * unit >= value * (1 - 1e-12)) * unit;
    }

    /// <summary>About <paramref name="count"/> round values from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static IReadOnlyList<double> Ticks(double low, double high, int count = 5)
    {
        if (!(high > low))
        {
            return [low];
        }

        var rough = (high - low) / count;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1.0, 2, 2.5, 5, 10 }.First(candidate => candidate * unit >= rough * (1 - 1e-12)) * unit;
        var first = (long)Math.Ceiling((low / step) - 1e-9);
        var last = (long)Math.Floor((high / step) + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * step)];
    }

    /// <summary>A tick as text: 1,500 is written 1.5k.</summary>
    public static string Text(double value) =>
        Math.Abs(value) >= 1_000_000 ? $"{value / 1_000_000:0.##}M" : Math.Abs(value) >= 1000 ? $"{value / 1000:0.##}k" : $"{value:0.##}";
}
