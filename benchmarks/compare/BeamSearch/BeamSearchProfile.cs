using System.Diagnostics;
using Llamax.Models;
using Llamax.Models.Layers;
using Llamax.Translation.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// Where the time goes with 1.1 billion parameters: the matrix products of a search are done again by themselves, in the
/// same run, with the same weights and the same numbers of rows. And greedy search beside what the memory allows, and the
/// memory of 32 sentences with 4 beams.
/// </summary>
internal static class BeamSearchProfile
{
    private const int GreedyTokens = 32;

    public static void Run(string shared, int lines)
    {
        var config = BeamSearchModels.Large;
        using var model = BeamSearchModels.Create(config);
        Console.WriteLine($"{model.Weights().Sum(weight => weight.Value.numel()):N0} parameters, {lines} lines, beam 4");
        Shares(model, BeamSearchTask.Create(shared, lines).Prompts);
        Greedy(model, BeamSearchTask.Create(shared, 1).Prompts[0] with { MaxNewTokens = GreedyTokens });
        Memory(model, [.. BeamSearchTask.Create(shared, 32).Prompts.Select(prompt => prompt with { MaxNewTokens = 2 })]);
    }

    private static void Shares(CausalLanguageModel model, IReadOnlyList<Prompt> prompts)
    {
        var calls = new List<(int Tokens, int Wanted)>();
        var search = new BeamSearch(model, []) { BeforeReading = (tokens, wanted) => calls.Add((tokens, wanted)) };
        search.Generate([prompts[0] with { MaxNewTokens = 2 }], new GenerationOptions());
        calls.Clear();
        var whole = Seconds(() => search.Generate(prompts, new GenerationOptions()));
        var products = Seconds(() => calls.ForEach(call => Products(model, call.Tokens, call.Wanted)));
        Console.WriteLine($"  search {whole:N1} s, its matrix products alone {products:N1} s: {products / whole:P0}");
    }

    private static void Greedy(CausalLanguageModel model, Prompt prompt)
    {
        var search = new BeamSearch(model, []);
        var options = new GenerationOptions { Beams = 1 };
        var reading = Seconds(() => search.Generate([prompt with { MaxNewTokens = 1 }], options));
        var rate = (GreedyTokens - 1) / (Seconds(() => search.Generate([prompt], options)) - reading);
        var bytes = model.Weights().Where(weight => weight.Value.dim() == 2 && !ReferenceEquals(weight.Value, model.OutputWeight))
            .Skip(1).Sum(weight => weight.Value.numel() * weight.Value.element_size()) + (model.OutputWeight.numel() * model.OutputWeight.element_size());
        var bandwidth = Bandwidth(model);
        Console.WriteLine(
            $"  greedy {rate:N2} tokens/s; the memory gives {bandwidth / 1e9:N1} GB/s, the weights are {bytes / 1e9:N2} GB: at most {bandwidth / bytes:N2} tokens/s ({rate * bytes / bandwidth:P0})");
    }

    private static void Memory(CausalLanguageModel model, IReadOnlyList<Prompt> prompts)
    {
        var config = model.Config;
        var (most, sentences) = (0L, 0);
        new BeamSearch(model, []) { CacheMeasured = (running, bytes) => (most, sentences) = bytes > most ? (bytes, running) : (most, sentences) }
            .Generate(prompts, new GenerationOptions { BatchTokens = 1 << 20 });
        var token = 2L * config.Layers * config.KeyValueHeads * config.HeadSize * sizeof(float);
        var all = prompts.Sum(prompt => (long)prompt.Ids.Count) * token;
        Console.WriteLine(
            $"  {sentences} sentences × 4 beams: {most:N0} bytes of keys and values at the first token; the prompts are {all:N0} bytes, once for each beam they would be {4 * all:N0}");
    }

    private static void Products(CausalLanguageModel model, int tokens, int wanted)
    {
        using var inference = inference_mode();
        foreach (var (name, weight) in model.named_parameters())
        {
            if (weight.dim() == 2 && name is not ("embedding" or "output"))
            {
                using var scope = NewDisposeScope();
                Projection.Apply(Rows(tokens, weight), weight);
            }
        }

        if (wanted > 0)
        {
            using var scope = NewDisposeScope();
            Projection.Apply(Rows(wanted, model.OutputWeight), model.OutputWeight);
        }

        static Tensor Rows(int count, Tensor weight) => ones(count, weight.shape[1]);
    }

    /// <summary>Bytes per second that are read from memory when the weights are summed up.</summary>
    private static double Bandwidth(CausalLanguageModel model)
    {
        var weights = model.parameters().Where(weight => weight.dim() == 2).ToList();
        var seconds = Enumerable.Range(0, 3).Min(_ => Seconds(() =>
        {
            foreach (var weight in weights)
            {
                using var sum = weight.detach().sum();
            }
        }));
        return weights.Sum(weight => weight.numel() * (double)weight.element_size()) / seconds;
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
