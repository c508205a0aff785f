using Llamax.Models.Hub;

namespace Llamax.Cli.Progress;

/// <summary>Files, bytes, rate and time left on stderr: one live line on a terminal, plain lines at intervals otherwise.</summary>
/// <param name="output">Where to write.</param>
/// <param name="clock">Measures the rate.</param>
/// <param name="live">Whether it is a terminal.</param>
internal sealed class PullProgress(TextWriter output, TimeProvider clock, bool live) : IPullProgress
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(200);

    // The rate is that of the last seconds: what was an hour ago says nothing of when it will be done.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly Lock guard = new();
    private readonly long started = clock.GetTimestamp();
    private readonly Queue<(long Time, long Done)> samples = new();
    private long shown = clock.GetTimestamp();
    private long total, present, done;
    private int files, finished, uncheckable, width;

    /// <summary>Bytes that came over the network and were kept.</summary>
    public long Loaded => done - present;

    public void Planned(int files, long bytes, long present)
    {
        lock (guard)
        {
            this.files += files;
            total += bytes;
            this.present += present;
            done += present;
            samples.Enqueue((clock.GetTimestamp(), done));
            if (files > 0)
            {
                Line($"{files:N0} file{(files == 1 ? "" : "s")} to load, {ByteSize.Of(bytes)}{(present > 0 ? $", {ByteSize.Of(present)} of it here from an earlier attempt" : "")}");
            }
        }
    }

    public void Advanced(long bytes)
    {
        lock (guard)
        {
            done += bytes;
            var now = clock.GetTimestamp();
            if (clock.GetElapsedTime(shown, now) < (live ? LiveInterval : PlainInterval))
            {
                return;
            }

            shown = now;
            samples.Enqueue((now, done));
            while (samples.Count > 2 && clock.GetElapsedTime(samples.Peek().Time, now) > Window)
            {
                samples.Dequeue();
            }

            var text = Status(now);
            if (live)
            {
                output.Write($"\r{text.PadRight(width)}");
                width = text.Length;
            }
            else
            {
                output.WriteLine(text);
            }
        }
    }

    public void Finished(string file, bool isChecked)
    {
        lock (guard)
        {
            finished++;
            uncheckable += isChecked ? 0 : 1;
        }
    }

    public void Note(string text)
    {
        lock (guard)
        {
            Line(text);
        }
    }

    /// <summary>Says what it came to.</summary>
    public void Finish()
    {
        lock (guard)
        {
            var seconds = Math.Max(clock.GetElapsedTime(started).TotalSeconds, 1e-3);
            Line(finished == 0
                ? "everything was there"
                : $"{finished:N0} file{(finished == 1 ? "" : "s")} loaded{(uncheckable == 0 ? " and checked" : $", {uncheckable:N0} of them not checkable")}: {ByteSize.Of(Loaded)} in {Duration.Of(seconds)} ({ByteSize.Of((long)(Loaded / seconds))}/s)");
        }
    }

    private string Status(long now)
    {
        var (time, bytes) = samples.Peek();
        var seconds = clock.GetElapsedTime(time, now).TotalSeconds;
        var rate = seconds > 0 ? Math.Max(0, done - bytes) / seconds : 0;
        var left = rate > 0 && total > done ? $" · {Duration.Of((total - done) / rate)} left" : "";
        return $"{finished:N0} of {files:N0} files · {ByteSize.Of(done)} of {ByteSize.Of(total)} · {ByteSize.Of((long)rate)}/s{left}";
    }

    private void Line(string text)
    {
        output.WriteLine(live && width > 0 ? $"\r{text.PadRight(width)}" : text);
        width = 0;
    }
}
