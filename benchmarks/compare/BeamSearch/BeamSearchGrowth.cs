using System.Diagnostics;
using System.Globalization;
using Llamax.Translation.Generation;

namespace Llamax.Benchmarks.Compare;

/// <summary>Time and memory per token from few lines to many, with 5 million parameters.</summary>
internal static class BeamSearchGrowth
{
    public static void Run(string shared, int[] counts)
    {
        using var model = BeamSearchModels.Create(BeamSearchModels.Find("5M")!);
        var search = new BeamSearch(model, []);
        search.Generate([.. BeamSearchTask.Create(shared, 2).Prompts.Select(prompt => prompt with { MaxNewTokens = 3 })], new GenerationOptions());
        foreach (var count in counts)
        {
            var task = BeamSearchTask.Create(shared, count);
            GC.Collect();
            ResetPeak();
            var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            search.Generate(task.Prompts, new GenerationOptions());
            var (wall, processor) = (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            Console.WriteLine(
                $"  {count,6} lines  {task.NewTokens,9:N0} tokens  {1e3 * wall / task.NewTokens,7:N3} ms/token  {1e3 * processor / task.NewTokens,7:N3} ms/token of the processor  peak {Peak() / 1024:N0} MiB");
        }
    }

    /// <summary>The peak begins anew; where that is not allowed it is that of the whole run, which ends with the most lines.</summary>
    private static void ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The peak of memory cannot be set back: {exception.Message}");
        }
    }

    private static long Peak() => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture);
}
