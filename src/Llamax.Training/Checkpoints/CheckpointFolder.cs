using System.Globalization;

namespace Llamax.Training.Checkpoints;

/// <summary>
/// The checkpoints of a training, one folder <c>step-00000100</c> each. A folder gets its name when it is complete, and
/// loses it before it is removed, so that whatever bears such a name is whole.
/// </summary>
internal sealed class CheckpointFolder(string folder)
{
    private const string Prefix = "step-";
    private const string Partial = ".partial";
    private const string Removed = ".removed";

    /// <summary>The newest checkpoint, or null.</summary>
    public string? Latest() => All().LastOrDefault();

    /// <summary>Writes a checkpoint and removes the oldest ones.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="write">Writes its files, flushed to disk, into the folder given.</param>
    /// <param name="keep">How many remain.</param>
    public void Save(long step, Action<string> write, int keep)
    {
        var path = Path.Combine(folder, $"{Prefix}{step.ToString("D8", CultureInfo.InvariantCulture)}");
        RemoveLeftovers();
        Directory.CreateDirectory(path + Partial);
        write(path + Partial);
        if (Directory.Exists(path))
        {
            Remove(path);
        }

        Directory.Move(path + Partial, path);
        foreach (var old in All().SkipLast(keep))
        {
            Remove(old);
        }
    }

    private List<string> All() => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateDirectories(folder, Prefix + "*").Where(IsComplete).OrderBy(StepOf)];

    private static bool IsComplete(string path) => StepOf(path) >= 0;

    private static long StepOf(string path) => long.TryParse(
        Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1;

    private static void Remove(string path)
    {
        Directory.Move(path, path + Removed);
        Directory.Delete(path + Removed, recursive: true);
    }

    /// <summary>What a killed process left behind.</summary>
    private void RemoveLeftovers()
    {
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateDirectories(folder, Prefix + "*")
            .Where(path => path.EndsWith(Partial, StringComparison.Ordinal) || path.EndsWith(Removed, StringComparison.Ordinal)).ToList())
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
