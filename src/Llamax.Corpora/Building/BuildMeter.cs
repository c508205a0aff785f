namespace Llamax.Corpora.Building;

/// <summary>Reports how far a pass over files is.</summary>
/// <param name="part">What the pass does.</param>
/// <param name="total">Bytes of all files.</param>
/// <param name="build">Receives the reports.</param>
internal sealed class BuildMeter(string part, long total, BuildOptions build)
{
    private const int Mega = 1_000_000;

    private readonly long began = build.Time.GetTimestamp();
    private long before;
    private long reported = -1;

    /// <summary>Counts files that are done.</summary>
    /// <param name="bytes">Their size.</param>
    public void Add(long bytes)
    {
        before += bytes;
        Report(0);
    }

    /// <summary>Says how far the current files are.</summary>
    /// <param name="bytes">Bytes of them that are done.</param>
    public void Report(long bytes)
    {
        if (build.Progress is null)
        {
            return;
        }

        var done = Math.Min(before + bytes, total);
        if (done / Mega == reported)
        {
            return;
        }

        reported = done / Mega;
        var seconds = build.Time.GetElapsedTime(began).TotalSeconds;
        var rate = seconds > 0 ? done / seconds : 0;
        var left = rate > 0 ? TimeSpan.FromSeconds((total - done) / rate) : TimeSpan.Zero;
        build.Progress.Report(new BuildProgress(part, done / Mega, total / Mega, $"MB · {rate / Mega:F1} MB/s · {(int)left.TotalMinutes}:{left.Seconds:D2} left"));
    }
}
