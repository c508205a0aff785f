using System.Diagnostics;
using System.Globalization;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Units;
using Llamax.Text.Tokenizers;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// From JSON lines to shards beside the tokenization of the same texts from memory, and what memory that takes. Both take
/// turns in one process; seconds are those of the processor, so that a busy machine disturbs both alike.
/// </summary>
internal static class DataBuildComparison
{
    private const int Rounds = 5;
    private const long Mega = 1_000_000;
    private const string Texts = "texts.jsonl";
    private const string Pairs = "pairs.tsv";

    /// <summary><c>data-build [--shared DIR] [--megabytes N] | data-build --memory GIGABYTES [--folder DIR]</c>.</summary>
    public static int Run(string[] arguments)
    {
        var shared = Option("--shared") ?? Path.Combine("..", "shared");
        var model = Path.Combine(shared, "data", "tokenizers", "llama2_tokenizer.model");
        if (!File.Exists(model))
        {
            Console.Error.WriteLine($"data-build: {model} is not there. Name the folder that holds data/flores and data/tokenizers with --shared.");
            return 2;
        }

        var tokenizer = TokenizerFolder.Load(model);
        if (Option("--build") is { } built) // The child process whose memory is looked at.
        {
            Build(tokenizer, [DataBuildSource.Unit(Path.Combine(built, Texts)), DataBuildSource.Unit(Path.Combine(built, Pairs))], Path.Combine(built, "set"), threads: 0);
            Console.WriteLine(Peak().ToString(CultureInfo.InvariantCulture));
            return 0;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Option("--folder") ?? Path.GetTempPath(), $"llamax-data-build-{Environment.ProcessId}")).FullName;
        Console.WriteLine(Surroundings.Describe());
        try
        {
            var source = new DataBuildSource(shared);
            if (Option("--memory") is { } gigabytes)
            {
                Memory(source, shared, folder, double.Parse(gigabytes, CultureInfo.InvariantCulture));
            }
            else
            {
                Speed(source, tokenizer, folder, long.Parse(Option("--megabytes") ?? "100", CultureInfo.InvariantCulture) * Mega);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;

        string? Option(string name) => Array.IndexOf(arguments, name) is >= 0 and var i && i + 1 < arguments.Length ? arguments[i + 1] : null;
    }

    private static void Speed(DataBuildSource source, Tokenizer tokenizer, string folder, long bytes)
    {
        var file = Path.Combine(folder, Texts);
        source.WriteTexts(file, 1, bytes);
        var (texts, size) = (new List<byte[]>(), 0L);
        var count = File.ReadLines(file).Count();
        foreach (var text in source.Texts(1).Take(count))
        {
            texts.Add(text);
            size += text.Length;
        }

        Console.WriteLine($"{texts.Count:N0} texts, {size / 1e6:N1} MB, in a file of {new FileInfo(file).Length / 1e6:N1} MB; {Rounds} rounds after one to warm up");
        var (pure, one, two) = (new List<Cost>(), new List<Cost>(), new List<Cost>());
        var passes = new List<(BuildTimes One, BuildTimes Two)>();
        for (var round = 0; round <= Rounds; round++)
        {
            pure.Add(Measure(() => Tokenize(tokenizer, texts)));
            one.Add(Measure(() => Build(tokenizer, [DataBuildSource.Unit(file)], Path.Combine(folder, "one"), threads: 1)));
            two.Add(Measure(() => Build(tokenizer, [DataBuildSource.Unit(file)], Path.Combine(folder, "two"), threads: 2)));
            passes.Add((BuildTimes.Find(Path.Combine(folder, "one"))!, BuildTimes.Find(Path.Combine(folder, "two"))!));
        }

        Print("tokenization from memory", pure, size);
        Print("JSON lines to shards, one thread", one, size);
        Print("JSON lines to shards, two threads", two, size);
        var pairs = pure.Skip(1).Zip(one.Skip(1), two.Skip(1)).ToList();
        Console.WriteLine($"  per core {Median(pairs.Select(pair => pair.First.User / pair.Second.User)):P0} of the rate of tokenization (all of the processor's time: {Median(pairs.Select(pair => pair.First.Processor / pair.Second.Processor)):P0})");
        Console.WriteLine(
            $"  two threads: {Median(pairs.Select(pair => pair.Second.Wall / pair.Third.Wall)):N2} times as fast as one on the clock, with {Median(pairs.Select(pair => pair.Third.Processor / pair.Second.Processor)):N2} times its processor time");
        foreach (var (pass, seconds) in new (string, Func<BuildTimes, double>)[] { ("scan", times => times.Scan), ("decide", times => times.Decide), ("encode", times => times.Encode) })
        {
            var (first, second) = (Median(passes.Skip(1).Select(each => seconds(each.One))), Median(passes.Skip(1).Select(each => seconds(each.Two))));
            Console.WriteLine($"    {pass}: {first:N2} s with one thread, {second:N2} s with two, {first / second:N2} times as fast");
        }
    }

    private static void Memory(DataBuildSource source, string shared, string folder, double gigabytes)
    {
        source.WriteTexts(Path.Combine(folder, Texts), 1, (long)(gigabytes * 1e9));
        source.WritePairs(Path.Combine(folder, Pairs), 2, (long)(gigabytes / 2 * 1e9));
        var clock = Stopwatch.StartNew();
        using var child = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["data-build", "--shared", shared, "--build", folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var peak = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        Console.WriteLine(
            $"  {gigabytes:N1} GB of JSON lines and {gigabytes / 2:N1} GB of pairs: peak of memory {peak} MiB, {clock.Elapsed.TotalSeconds:N0} s on the clock");
    }

    private static void Build(Tokenizer tokenizer, IReadOnlyList<WorkUnit> units, string set, int threads)
    {
        if (Directory.Exists(set))
        {
            Directory.Delete(set, recursive: true);
        }

        var builder = new TrainingSetBuilder(set, tokenizer, stamp: null, new DataOptions(), new BuildOptions { Seed = 1, Threads = threads });
        builder.Build(new TrainingSources { Units = units }, switcher: null);
    }

    private static void Tokenize(Tokenizer tokenizer, List<byte[]> texts)
    {
        var ids = new int[1 << 16];
        foreach (var text in texts)
        {
            if (!tokenizer.TryEncode(text, ids, out _))
            {
                throw new InvalidOperationException("more ids than room");
            }
        }
    }

    /// <summary>The most memory that this process had, in MiB.</summary>
    private static long Peak()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) >> 10;
    }

    private static void Print(string name, List<Cost> costs, long size)
    {
        var (user, wall) = (Median(costs.Skip(1).Select(cost => cost.User)), Median(costs.Skip(1).Select(cost => cost.Wall)));
        var system = Median(costs.Skip(1).Select(cost => cost.Processor - cost.User));
        Console.WriteLine($"  {name,-34} {size / user / 1e6,7:N1} MB per second of the processor in user mode   {user,6:N2} s user  {system,5:N2} s system  {wall,6:N2} s on the clock");
    }

    private static Cost Measure(Action action)
    {
        GC.Collect();
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage);
        action();
        var after = Environment.CpuUsage;
        return new Cost(clock.Elapsed.TotalSeconds, (after.UserTime - before.UserTime).TotalSeconds, (after.TotalTime - before.TotalTime).TotalSeconds);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private readonly record struct Cost(double Wall, double User, double Processor);
}
