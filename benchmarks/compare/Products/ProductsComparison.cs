using Llamax.Models.Layers;
using Llamax.Models.Native;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// Products with weights, forward only, beside libtorch's own, by processor time. There are so many weights of a shape that
/// they come from memory and not from a cache, as a model's do.
/// </summary>
internal static class ProductsComparison
{
    private const int Rounds = 4;
    private const long WeightBytes = 400_000_000;

    private static readonly (string Name, long Output, long Input)[] Shapes =
    [
        ("1.1B, queries, keys and values", 2560, 2048),
        ("1.1B, gate and up", 11_264, 2048),
        ("1.1B, down", 2048, 5632),
        ("1.1B, logits", 32_000, 2048),
        ("110M, queries, keys and values", 2304, 768),
    ];

    /// <summary><c>products</c>, without options.</summary>
    public static int Run()
    {
        LibTorch.EnsureLoaded();
        Console.WriteLine($"{Surroundings.Describe()}, {get_num_threads()} threads; best of {Rounds} rounds in turn");
        if (!Projection.Avx512LeftOut)
        {
            Console.WriteLine("  On this processor products are libtorch's own: there is nothing to compare.");
            return 0;
        }

        using var inference = inference_mode();
        foreach (var (name, output, input) in Shapes)
        {
            using var scope = NewDisposeScope();
            var weights = Enumerable.Range(0, (int)(WeightBytes / (output * input * sizeof(float)))).Select(_ => randn(output, input)).ToList();
            Console.WriteLine($"{name}: {input} to {output}");
            foreach (var rows in new[] { 1, 2, 4, 16, 64, 100, 512 })
            {
                Compare(weights, randn(1, rows, input));
            }
        }

        return 0;
    }

    private static void Compare(List<Tensor> weights, Tensor x)
    {
        var rows = x.shape[1];
        var (theirs, ours) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            theirs = Math.Min(theirs, Seconds(weight => F.linear(x, weight)));
            ours = Math.Min(ours, Seconds(weight => Projection.Apply(x, weight)));
        }

        var operations = 2e-9 * rows * weights.Sum(weight => weight.NumberOfElements);
        var bytes = 1e-9 * sizeof(float) * weights.Sum(weight => weight.NumberOfElements);
        Console.WriteLine($"  {rows,4} rows: ours {operations / ours,6:N1} GFLOP/s ({bytes / ours,5:N1} GB/s of weights), libtorch {operations / theirs,6:N1}; {theirs / ours:N2} times as fast");

        double Seconds(Func<Tensor, Tensor> product)
        {
            var repeats = Math.Max(1, 8 / rows);
            var start = Environment.CpuUsage.UserTime;
            for (var i = 0; i < repeats; i++)
            {
                weights.ForEach(weight => product(weight).Dispose());
            }

            return (Environment.CpuUsage.UserTime - start).TotalSeconds / repeats;
        }
    }
}
