using Llamax.Corpora.Loading;
using Llamax.Models;

namespace Llamax.Training;

/// <summary>Counts tokens and needed floating-point operations over the last steps.</summary>
internal sealed class Throughput(DecoderConfig config, TimeProvider clock)
{
    private const int Window = 20;

    private readonly Queue<(long Time, long Tokens, double Operations)> steps = new();
    private long tokens;
    private double operations;
    private long last = clock.GetTimestamp();

    /// <summary>Seconds per step over the window.</summary>
    public double SecondsPerStep => steps.Count == 0 ? 0 : steps.Sum(step => Seconds(step.Time)) / steps.Count;

    /// <summary>Tokens per second over the window.</summary>
    public double TokensPerSecond => Per(steps.Sum(step => step.Tokens));

    /// <summary>Floating-point operations per second over the window.</summary>
    public double OperationsPerSecond => Per(steps.Sum(step => step.Operations));

    /// <summary>Counts a micro-batch of the step that is being done.</summary>
    public void Add(TokenBatch batch)
    {
        tokens += batch.Tokens;
        operations += Operations(batch);
    }

    /// <summary>Ends the step.</summary>
    public void EndStep()
    {
        var now = clock.GetTimestamp();
        steps.Enqueue((now - last, tokens, operations));
        (last, tokens, operations) = (now, 0, 0);
        if (steps.Count > Window)
        {
            steps.Dequeue();
        }
    }

    /// <summary>Leaves out the time since the last step: it went into a checkpoint.</summary>
    public void Skip() => last = clock.GetTimestamp();

    /// <summary>
    /// What forward and backward need: 6 per weight and token in the layers, 6 per output weight and target, and half of
    /// the square of the sequence for causal attention. Padding and what is computed twice do not count.
    /// </summary>
    private double Operations(TokenBatch batch)
    {
        double width = config.Heads * (double)config.HeadSize;
        var layer = (config.HiddenSize * ((2 * width) + (2.0 * config.KeyValueHeads * config.HeadSize)))
            + (3.0 * config.HiddenSize * config.IntermediateSize);
        var attention = Seen(batch).Sum(length => (double)length * length) * width;
        return 6 * ((config.Layers * ((layer * batch.Tokens) + attention))
            + ((double)config.VocabularySize * config.HiddenSize * batch.Targets));
    }

    /// <summary>The lengths of what attends to itself: rows, or entries where they are isolated.</summary>
    private static IEnumerable<int> Seen(TokenBatch batch) => batch.IsIsolated
        ? Enumerable.Range(0, batch.Rows).SelectMany(batch.Segments).Select(segment => segment.End - segment.Start)
        : batch.Lengths;

    private double Per(double count) =>
        steps.Sum(step => Seconds(step.Time)) is var seconds and > 0 ? count / seconds : 0;

    private double Seconds(long time) => (double)time / clock.TimestampFrequency;
}
