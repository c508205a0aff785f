using System.Diagnostics;
using System.Text;
using Llamax.Text;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// Our tokenizers beside <c>spm_encode</c> on all of FLORES-200, and on text without spaces of growing length. Seconds are
/// those of the processor in user mode, so that a busy machine disturbs both alike; the start-up counts on neither side. All
/// take turns, and the best round of each counts.
/// </summary>
internal static class TokenizationComparison
{
    private const int Rounds = 5;
    private const int UnspacedSize = 10_000_000; // Bytes.

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2); // The runtime optimises what has run for a while.

    private static readonly (string Name, string File, bool HasReference)[] Models =
    [
        ("LLaMA-2 (SentencePiece BPE)", "llama2_tokenizer.model", true),
        ("T5 (SentencePiece unigram)", "t5_spiece.model", true),
        ("LLaMA-3 (byte-level BPE)", "llama3_tokenizer.model", false),
    ];

    /// <summary><c>tokenization [--shared DIR] [--flores | --unspaced]</c>; the folder holds <c>data/tokenizers</c> and <c>data/flores</c>.</summary>
    public static int Run(string[] arguments)
    {
        var shared = Array.IndexOf(arguments, "--shared") is >= 0 and var i && i + 1 < arguments.Length ? arguments[i + 1] : Path.Combine("..", "shared");
        var archive = Path.Combine(shared, "data", "flores", "flores200_dev_devtest.tar.gz");
        if (!File.Exists(archive))
        {
            Console.Error.WriteLine($"tokenization: {archive} is not there. Name the folder that holds data/flores and data/tokenizers with --shared.");
            return 2;
        }

        using var reference = new SpmEncodeClock();
        Console.WriteLine($"{Surroundings.Describe()}; best of {Rounds} rounds in turn after {WarmUp.TotalSeconds} s to warm up");
        var lines = arguments.Contains("--unspaced", StringComparer.Ordinal) ? [] : TokenizationTexts.Flores(archive);
        var loaded = new List<Tokenizer>();
        foreach (var (name, file, hasReference) in Models)
        {
            var path = Path.Combine(shared, "data", "tokenizers", file);
            var load = Stopwatch.StartNew();
            var tokenizer = Load(path);
            loaded.Add(tokenizer);
            Console.WriteLine($"{name}, loaded in {load.ElapsedMilliseconds} ms");
            if (lines.Count > 0)
            {
                CompareLines(tokenizer, lines, hasReference ? () => reference.Seconds(path, lines) : null);
            }

            if (!arguments.Contains("--flores", StringComparer.Ordinal))
            {
                CompareUnspaced(tokenizer, path, hasReference ? reference : null, archive);
            }
        }

        if (lines.Count > 0)
        {
            var ids = new int[lines.Max(line => line.Length) + 16];
            var best = Best([.. loaded.Select(tokenizer => Clock(() => lines.ForEach(line => Count(tokenizer, line, ids))))]);
            Console.WriteLine($"All in turn: {string.Join(", ", Models.Zip(best, (model, seconds) => $"{model.Name} {lines.Sum(line => line.Length + 1L) / seconds / 1e6:N1} MB/s"))}");
        }

        return 0;
    }

    private static Tokenizer Load(string path) =>
        path.EndsWith("llama3_tokenizer.model", StringComparison.Ordinal)
            ? TiktokenFile.Load(path, TiktokenEncoding.Llama3) : SentencePieceTokenizer.Load(path);

    private static void CompareLines(Tokenizer tokenizer, List<byte[]> lines, Func<double?>? reference)
    {
        var texts = lines.ConvertAll(Encoding.UTF8.GetString);
        var size = lines.Sum(line => line.Length + 1L);
        var ids = new int[lines.Max(line => line.Length) + 16];
        long tokens = 0;
        var best = Best(
            Clock(() => tokens = lines.Sum(line => Count(tokenizer, line, ids))),
            Clock(() => texts.ForEach(text => tokenizer.TryEncode(text, ids, out _))),
            () => reference?.Invoke());
        var (utf8, chars) = (best[0]!.Value, best[1]!.Value);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        lines.ForEach(line => Count(tokenizer, line, ids));
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Console.WriteLine($"  FLORES-200, {lines.Count:N0} lines, {size / 1e6:N1} MB, {tokens:N0} tokens");
        Console.WriteLine($"    ours, from UTF-8   {size / utf8 / 1e6,8:N1} MB/s   {tokens / utf8 / 1e6,6:N1} million tokens/s   {(double)allocated / lines.Count:N2} bytes allocated per line");
        Console.WriteLine($"    ours, from chars   {size / chars / 1e6,8:N1} MB/s");
        if (best[2] is { } seconds)
        {
            Console.WriteLine($"    spm_encode         {size / seconds / 1e6,8:N1} MB/s   ours is {seconds / utf8:N1} times as fast");
        }

        var (one, two) = (Threads(tokenizer, lines, count: 1), Threads(tokenizer, lines, count: 2));
        Console.WriteLine(
            $"    two threads: {one.Wall / two.Wall:N2} times as fast as one on the clock, {2 * one.Processor / two.Processor:N2} times by processor time (what free processors would give)");
    }

    private static int Count(Tokenizer tokenizer, byte[] line, int[] ids) =>
        tokenizer.TryEncode(line, ids, out var count) ? count : throw new InvalidOperationException("more ids than bytes");

    private static (double Wall, double Processor) Threads(Tokenizer tokenizer, List<byte[]> lines, int count)
    {
        // Each takes the next hundred lines, as long as there are any.
        var best = (Wall: double.MaxValue, Processor: double.MaxValue);
        for (var round = 0; round <= Rounds; round++)
        {
            var (clock, processor, next) = (Stopwatch.StartNew(), Environment.CpuUsage.UserTime, 0);
            var workers = Enumerable.Range(0, count).Select(_ => new Thread(() =>
            {
                var ids = new int[1 << 16];
                for (var from = Interlocked.Add(ref next, 100) - 100; from < lines.Count; from = Interlocked.Add(ref next, 100) - 100)
                {
                    for (var i = from; i < Math.Min(from + 100, lines.Count); i++)
                    {
                        Count(tokenizer, lines[i], ids);
                    }
                }
            })).ToList();
            workers.ForEach(worker => worker.Start());
            workers.ForEach(worker => worker.Join());
            best = (Math.Min(best.Wall, clock.Elapsed.TotalSeconds), Math.Min(best.Processor, (Environment.CpuUsage.UserTime - processor).TotalSeconds));
        }

        return best;
    }

    private static void CompareUnspaced(Tokenizer tokenizer, string path, SpmEncodeClock? reference, string archive)
    {
        var ids = new int[UnspacedSize + 16];
        foreach (var (name, text) in TokenizationTexts.Unspaced(archive, UnspacedSize))
        {
            // The same bytes each time, in lines of another length; so the caches see no text more often than elsewhere.
            var ofShortest = 0.0;
            foreach (var size in new[] { 100_000, 1_000_000, UnspacedSize })
            {
                var lines = TokenizationTexts.Cut(text, size);
                var seconds = Best(Clock(() => lines.ForEach(line => Count(tokenizer, line, ids))))[0]!.Value;
                ofShortest = size == 100_000 ? seconds : ofShortest;
                var beside = reference?.Seconds(path, lines) is { } theirs ? $"   spm_encode {text.Length / theirs / 1e6,6:N1} MB/s" : "";
                Console.WriteLine(
                    $"  {name,-24} lines of {size / 1000,6:N0} kB  {text.Length / seconds / 1e6,8:N1} MB/s   {seconds / ofShortest:N2} times the time of 100 kB{beside}");
            }
        }
    }

    /// <summary>The shortest time of each; they take turns, so that a pace that changes falls on all.</summary>
    private static double?[] Best(params Func<double?>[] clocks)
    {
        foreach (var clock in clocks)
        {
            var warming = Stopwatch.StartNew();
            while (warming.Elapsed < WarmUp && clock() is not null)
            {
            }
        }

        var best = new double?[clocks.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < clocks.Length; i++)
            {
                best[i] = clocks[i]() is { } seconds ? Math.Min(best[i] ?? seconds, seconds) : best[i];
            }
        }

        return best;
    }

    private static Func<double?> Clock(Action action) => () =>
    {
        GC.Collect();
        var before = Environment.CpuUsage.UserTime;
        action();
        return (Environment.CpuUsage.UserTime - before).TotalSeconds;
    };
}
