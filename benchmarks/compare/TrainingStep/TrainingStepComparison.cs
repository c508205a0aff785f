using System.Diagnostics;
using System.Globalization;
using Llamax.Benchmarks.Baseline;
using Llamax.Corpora.Loading;
using Llamax.Models;
using Llamax.Models.Native;
using Llamax.Text.Randomness;
using Llamax.Training;
using Llamax.Training.Loss;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// Our training step beside the plain loop: the same model size, the same batches, both interleaved in one process so that
/// whatever else the machine does falls on both. The peak of memory is taken from one child process each.
/// </summary>
internal static class TrainingStepComparison
{
    private static readonly Size[] Sizes =
    [
        new("5M", new DecoderConfig
        {
            VocabularySize = 4000, HiddenSize = 256, IntermediateSize = 688, Layers = 4, Heads = 4, KeyValueHeads = 4, HeadSize = 64,
        }, Rows: 8, Columns: 128, Steps: 30),
        new("41M", new DecoderConfig
        {
            VocabularySize = 16_000, HiddenSize = 512, IntermediateSize = 1376, Layers = 8, Heads = 8, KeyValueHeads = 8, HeadSize = 64,
        }, Rows: 8, Columns: 128, Steps: 10),
    ];

    /// <summary><c>training-step [SIZE]</c>, or <c>training-step SIZE ours|plain</c> for the memory of one of them.</summary>
    public static int Run(string[] arguments)
    {
        LibTorch.EnsureLoaded();
        var sizes = Sizes.Where(size => arguments.Length == 0 || size.Name == arguments[0]).ToList();
        if (sizes.Count == 0)
        {
            Console.Error.WriteLine($"training-step: '{arguments[0]}' is no size; there are {string.Join(" and ", Sizes.Select(size => size.Name))}.");
            return 2;
        }

        if (arguments.Length > 1)
        {
            PrintPeak(sizes[0], arguments[1]);
            return 0;
        }

        Console.WriteLine($"{TorchSharp.torch.get_num_threads()} threads, float32, medians; first step not counted");
        foreach (var size in sizes)
        {
            Compare(size);
        }

        return 0;
    }

    private static void Compare(Size size)
    {
        using var ours = new Ours(size);
        using var plain = new Plain(size);
        var (oursTimes, plainTimes) = (new List<Cost>(), new List<Cost>());
        for (var i = 0; i <= size.Steps; i++)
        {
            // Each goes first every other time.
            var (first, second) = i % 2 == 0 ? ((IContestant)ours, (IContestant)plain) : (plain, ours);
            var (a, b) = (Measure(first, i), Measure(second, i));
            if (i > 0)
            {
                oursTimes.Add(first == ours ? a : b);
                plainTimes.Add(first == ours ? b : a);
            }
        }

        var (ourPeak, plainPeak) = (Peak(size, "ours"), Peak(size, "plain"));
        var pairs = oursTimes.Zip(plainTimes).ToList();
        Console.WriteLine(
            $"{size.Name}: {size.Config.VocabularySize} tokens, {size.Config.HiddenSize} wide, {size.Config.Layers} layers, "
            + $"batch {size.Rows} × {size.Columns}, {ours.Parameters:N0} parameters (plain {plain.Parameters:N0})");
        Print("ours ", size, oursTimes, ourPeak);
        Print("plain", size, plainTimes, plainPeak);
        Console.WriteLine(
            $"  ours is {Median(pairs.Select(pair => pair.Second.Wall / pair.First.Wall)):N2} times as fast, takes "
            + $"{Median(pairs.Select(pair => pair.First.Processor / pair.Second.Processor)):P0} of the processor time and {ourPeak / plainPeak:P0} of the memory");
    }

    private static void Print(string name, Size size, List<Cost> costs, double peak)
    {
        var (wall, processor) = (Median(costs.Select(cost => cost.Wall)), Median(costs.Select(cost => cost.Processor)));
        Console.WriteLine(
            $"  {name}  {size.Rows * size.Columns / wall,8:N0} tokens/s  {wall * 1000,8:N1} ms/step  {processor * 1000,8:N1} ms of processor/step  peak {peak,6:N0} MiB");
    }

    private static Cost Measure(IContestant contestant, int step)
    {
        var (watch, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        contestant.Step(step);
        return new Cost(watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static double Peak(Size size, string contestant)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["training-step", size.Name, contestant])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    private static void PrintPeak(Size size, string name)
    {
        using IContestant contestant = name == "ours" ? new Ours(size) : new Plain(size);
        for (var i = 0; i < 5; i++)
        {
            contestant.Step(i);
        }

        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kibibytes = double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        Console.WriteLine((kibibytes / 1024).ToString(CultureInfo.InvariantCulture));
    }

    private static int[] Ids(Size size, int step)
    {
        var random = new RandomStream(step, "batch");
        return [.. Enumerable.Range(0, size.Rows * size.Columns).Select(_ => random.Next(size.Config.VocabularySize))];
    }

    /// <summary>Seconds on the clock, and seconds of all threads together, which other programs disturb less.</summary>
    private readonly record struct Cost(double Wall, double Processor);

    private sealed record Size(string Name, DecoderConfig Config, int Rows, int Columns, int Steps);

    private interface IContestant : IDisposable
    {
        void Step(int number);
    }

    private sealed class Ours : IContestant
    {
        private readonly Size size;
        private readonly CausalLanguageModel model;
        private readonly TrainingStep step;

        public Ours(Size size)
        {
            this.size = size;
            model = new CausalLanguageModel(size.Config);
            model.InitializeWeights(new RandomStream(1, "model"));
            step = new TrainingStep(model, new TrainingOptions { Steps = size.Steps });
        }

        public long Parameters => model.parameters().Sum(parameter => parameter.NumberOfElements);

        public void Step(int number)
        {
            var batch = new TokenBatch(size.Rows, size.Columns, Ids(size, number),
                [.. Enumerable.Repeat(size.Columns, size.Rows)], [.. Enumerable.Repeat(1, size.Rows)]);
            var targets = LossTargets.Of(batch);
            step.Accumulate(batch, targets, targets.Labels.Length);
            step.Update(number + 1, 3e-4);
        }

        public void Dispose()
        {
            step.Dispose();
            model.Dispose();
        }
    }

    private sealed class Plain : IContestant
    {
        private readonly Size size;
        private readonly PlainLlama model;
        private readonly PlainTrainingLoop loop;

        public Plain(Size size)
        {
            this.size = size;
            var config = size.Config;
            model = new PlainLlama(
                config.VocabularySize, config.HiddenSize, config.IntermediateSize, config.Layers, config.Heads, size.Columns);
            loop = new PlainTrainingLoop(model, 3e-4);
        }

        public long Parameters => model.parameters().Sum(parameter => parameter.NumberOfElements);

        public void Step(int number) =>
            loop.Step([.. Ids(size, number).Select(id => (long)id)], size.Rows, size.Columns);

        public void Dispose()
        {
            loop.Dispose();
            model.Dispose();
        }
    }
}
