using System.Diagnostics;
using Llamax.Corpora.Readers;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Commands;

/// <summary>What the training of a tokenizer does, its speed and the time left, on standard error; only the closing lines where that is redirected.</summary>
internal sealed class TrainingProgressLine : IProgress<TrainingProgress>
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly ReadingStatistics statistics;
    private readonly long bytes; // 0: packed files, whose length does not tell how much text they hold.
    private TrainingStage stage;
    private TimeSpan stageStart;
    private TimeSpan shown;
    private long sentences, tooLong;

    public TrainingProgressLine(ReadingStatistics statistics, IReadOnlyList<TextFile> files)
    {
        this.statistics = statistics;
        bytes = files.All(file => file.Name == file.DiskPath && !file.DiskPath.EndsWith("gz", StringComparison.OrdinalIgnoreCase))
            ? files.Sum(file => FileStamp.Of(file.DiskPath).Length)
            : 0;
    }

    public void Report(TrainingProgress value)
    {
        if (value.Stage == TrainingStage.Reading)
        {
            (sentences, tooLong) = (value.Done, value.TooLong);
        }

        if (value.Stage != stage)
        {
            (stage, stageStart) = (value.Stage, watch.Elapsed);
        }

        if (Console.IsErrorRedirected || watch.Elapsed - shown < TimeSpan.FromMilliseconds(200))
        {
            return;
        }

        shown = watch.Elapsed;
        var seconds = Math.Max(1e-3, (watch.Elapsed - stageStart).TotalSeconds);
        var (done, total) = stage == TrainingStage.Reading ? (statistics.Bytes, bytes) : (value.Done, value.Total);
        var left = done > 0 && total > 0 ? $"  {Duration.Of(seconds * Math.Max(0, total - done) / done)} left" : "";
        Console.Error.Write(stage == TrainingStage.Reading
            ? $"\rreading: {sentences:N0} sentences  {ByteSize.Of((long)(done / seconds))}/s{left}   "
            : $"\rlearning: {done:N0} of {total:N0} steps  {done / seconds:N0}/s{left}            ");
    }

    /// <summary>Closes the line.</summary>
    public void Finish()
    {
        Console.Error.WriteLine($"{(Console.IsErrorRedirected ? "" : "\r")}{sentences:N0} sentence{(sentences == 1 ? "" : "s")}, {ByteSize.Of(statistics.Bytes)} in {Duration.Of(watch.Elapsed.TotalSeconds)}                    ".TrimEnd());
        if (tooLong > 0)
        {
            Console.Error.WriteLine($"{tooLong:N0} sentence{(tooLong == 1 ? " was" : "s were")} longer than --max-sentence-bytes and left out");
        }
    }
}
