using System.Text;
using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Training;

/// <summary><c>metrics.jsonl</c>: one line of JSON per logged step.</summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly FileStream stream;

    /// <summary>Opens the log to append to it.</summary>
    /// <param name="path">The file; created where it is missing.</param>
    /// <param name="step">Lines of later steps are removed: they belong to steps that will be done again.</param>
    public MetricsLog(string path, long step)
    {
        if (File.Exists(path))
        {
            var lines = File.ReadAllLines(path);
            var kept = lines.TakeWhile(line => StepOf(line) is { } logged && logged <= step).ToList();
            AtomicFile.WriteText(path, string.Concat(kept.Select(line => line + "\n")));
        }

        stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>Appends a line.</summary>
    /// <param name="progress">Where the training stands.</param>
    /// <param name="meanLoss">Mean loss per target since the last line.</param>
    public void Write(TrainingProgress progress, double meanLoss)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("step", progress.Step);
            json.WriteNumber("epoch", progress.Epoch);
            json.WriteNumber("tokens", progress.Tokens);
            json.WriteNumber("loss", meanLoss);
            json.WriteNumber("learning_rate", progress.LearningRate);
            json.WriteNumber("gradient_norm", progress.GradientNorm);
            json.WriteNumber("tokens_per_second", Math.Round(progress.TokensPerSecond, 1));
            if (progress.MatrixRateShare is { } share)
            {
                json.WriteNumber("matrix_rate_share", Math.Round(share, 4));
            }

            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        stream.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        stream.Flush();
    }

    /// <summary>Brings everything to disk, so that a checkpoint never knows more than the log.</summary>
    public void Flush() => stream.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>Null where the line is no whole record, as the last one after a crash may be.</summary>
    private static long? StepOf(string line)
    {
        try
        {
            using var record = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
            return record.RootElement.ValueKind == JsonValueKind.Object
                && record.RootElement.TryGetProperty("step", out var step) && step.TryGetInt64(out var value) ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
