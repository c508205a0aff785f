using System.Diagnostics;
using Llamax.Translation.Translating;

namespace Llamax.Cli.Commands;

/// <summary>Speed and time left on standard error; only the closing line where that is redirected.</summary>
/// <param name="source">The input, where its length is known.</param>
internal sealed class TranslationProgress(Stream? source)
{
    private static readonly Dictionary<TranslationEventKind, string> Words = new()
    {
        [TranslationEventKind.Cut] = "did not fit into the model and were cut into pieces",
        [TranslationEventKind.AtLimit] = "reached the greatest length before they ended (--max-new-tokens)",
        [TranslationEventKind.LoopRepaired] = "went round in circles and were found anew (--loop-ngram)",
        [TranslationEventKind.LoopRemains] = "go round in circles",
    };

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly double startedAt = Fraction(source);
    private readonly SortedDictionary<TranslationEventKind, (long Count, long First)> happened = [];
    private long lines, tokens;

    /// <summary>Counts translations.</summary>
    /// <param name="first">The line of the first.</param>
    /// <param name="translated">The translations.</param>
    public void Add(long first, IReadOnlyList<TranslatedText> translated)
    {
        for (var i = 0; i < translated.Count; i++)
        {
            foreach (var kind in translated[i].Events.Select(each => each.Kind).Distinct().Where(Words.ContainsKey))
            {
                var (count, line) = happened.TryGetValue(kind, out var known) ? known : (0, first + i);
                happened[kind] = (count + 1, line);
            }
        }

        lines += translated.Count;
        tokens += translated.Sum(text => (long)text.Hypotheses[0].Tokens);
        if (Console.IsErrorRedirected || !Console.IsInputRedirected && source is null)
        {
            return;
        }

        var done = Fraction(source);
        var left = done > startedAt ? $"  {TimeSpan.FromSeconds(watch.Elapsed.TotalSeconds * (1 - done) / (done - startedAt)):hh\\:mm\\:ss} left" : "";
        Console.Error.Write($"\r{Speed()}{left}   ");
    }

    /// <summary>Prints the speed, and what happened to some lines: --json says it of each.</summary>
    public void Finish()
    {
        Console.Error.WriteLine($"{(Console.IsErrorRedirected ? "" : "\r")}{Speed()}  in {watch.Elapsed:hh\\:mm\\:ss}   ");
        foreach (var (kind, (count, first)) in happened)
        {
            Console.Error.WriteLine($"lines that {Words[kind]}: {count:N0}, the first is line {first:N0}");
        }
    }

    private string Speed()
    {
        var seconds = Math.Max(watch.Elapsed.TotalSeconds, 1e-3);
        return $"{lines:N0} sentence{(lines == 1 ? "" : "s")}  {lines / seconds:F1} sentences/s  {tokens / seconds:F0} tokens/s";
    }

    private static double Fraction(Stream? stream) => stream is { Length: > 0 } ? (double)stream.Position / stream.Length : 0;
}
