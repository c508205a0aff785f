using System.Diagnostics;
using Llamax.Benchmarks.Baseline;
using Llamax.Models;
using Llamax.Translation.Generation;

namespace Llamax.Benchmarks.Compare;

/// <summary>Ours and the plain search in turns, on the same lines with the same budget of tokens.</summary>
internal static class BeamSearchSpeed
{
    private const int Beams = 4;

    public static void Run(string name, DecoderConfig config, string shared, int lines, int rounds)
    {
        var options = new GenerationOptions { Beams = Beams };
        using var model = BeamSearchModels.Create(config);
        var task = BeamSearchTask.Create(shared, lines);
        int[][] prompts = [.. task.Prompts.Select(prompt => prompt.Ids.ToArray())];
        int[] lengths = [.. task.Prompts.Select(prompt => prompt.MaxNewTokens!.Value)];
        Console.WriteLine($"{name}: {model.Weights().Sum(weight => weight.Value.numel()):N0} parameters, {lines} lines, {prompts.Average(ids => ids.Length):N0} tokens in a prompt, "
            + $"{lengths.Average():N0} in a reference (up to {lengths.Max()}), beam {Beams}, budget {options.BatchTokens} tokens");
        var search = new BeamSearch(model, []);
        search.Generate([.. task.Prompts.Take(2).Select(prompt => prompt with { MaxNewTokens = 3 })], options);
        PlainBeamSearch.Run(model, [.. prompts.Take(2)], Beams, [3, 3], options.BatchTokens);
        for (var round = 0; round < rounds; round++)
        {
            var (found, ours) = Time(() => search.Generate(task.Prompts, options));
            Print("ours ", task.NewTokens, ours);
            var (expected, plain) = Time(() => PlainBeamSearch.Run(model, prompts, Beams, lengths, options.BatchTokens));
            Print("plain", task.NewTokens, plain);
            var same = found.Zip(expected).Count(pair => pair.First[0].Ids.Select(id => (long)id).SequenceEqual(pair.Second));
            Console.WriteLine($"  ratio {plain.Wall / ours.Wall:N2} on the clock, {plain.Processor / ours.Processor:N2} in processor time; {same} of {lines} texts are the same");
        }
    }

    private static void Print(string name, int tokens, (double Wall, double Processor) cost) =>
        Console.WriteLine($"  {name}  {tokens / cost.Wall,8:N1} tokens/s  {cost.Wall,8:N1} s  {cost.Processor,8:N1} s of the processor");

    private static (T Result, (double Wall, double Processor) Cost) Time<T>(Func<T> run)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var result = run();
        return (result, (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds));
    }
}
