namespace Llamax.Cli;

/// <summary>Spans of time as people read them.</summary>
internal static class Duration
{
    private const double LongestSeconds = 1e9; // What is estimated from the first bytes may be anything.

    /// <summary>Hours, however many, minutes and seconds: <c>0:07</c>, <c>49:03:00</c>.</summary>
    /// <param name="seconds">The span.</param>
    public static string Of(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds));
        return time.TotalHours < 1 ? $"{time:m\\:ss}" : $"{(int)time.TotalHours}:{time:mm\\:ss}";
    }
}
