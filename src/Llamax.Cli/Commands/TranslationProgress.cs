using Llamax.Translation.Translating;

namespace Llamax.Cli.Commands;

/// <summary>Speed and time left on standard error; only the closing line where that is redirected.</summary>
/// <param name="source">The input, where its length is known.</param>
/// <param name="reader">Reads it.</param>
/// <param name="output">Where to write.</param>
/// <param name="clock">Measures the speed.</param>
/// <param name="live">Whether somebody looks on.</param>
internal sealed class TranslationProgress(Stream? source, LineReader reader, TextWriter output, TimeProvider clock, bool live) : IProgress<double>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly Dictionary<TranslationEventKind, string> Words = new()
    {
        [TranslationEventKind.Cut] = "did not fit into the model and were cut into pieces",
        [TranslationEventKind.AtLimit] = "reached the greatest length before they ended (--max-new-tokens)",
        [TranslationEventKind.LoopRepaired] = "went round in circles and were found anew (--loop-ngram)",
        [TranslationEventKind.LoopRemains] = "go round in circles",
    };

    private readonly long started = clock.GetTimestamp();
    private readonly double startedAt = Fraction(source, reader);
    private readonly SortedDictionary<TranslationEventKind, (long Count, long First)> happened = [];
    private long lines, tokens, shown = clock.GetTimestamp();
    private double done = Fraction(source, reader), read; // Shares of the input.
    private double counted = 1; // Seconds in which the tokens came: those of the group are not known yet.
    private int group;

    /// <summary>Whether a line is being written that has no end yet.</summary>
    public bool IsLive => live;

    /// <summary>A group of lines was read.</summary>
    /// <param name="count">How many.</param>
    public void Begin(int count) => (group, read) = (count, Fraction(source, reader));

    /// <summary>A share of the group's texts is done.</summary>
    public void Report(double value)
    {
        if (live && clock.GetElapsedTime(shown) >= Interval)
        {
            Show(value);
        }
    }

    /// <summary>The group is done.</summary>
    /// <param name="first">The line of its first translation.</param>
    /// <param name="translated">Its translations.</param>
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
        (done, group, counted) = (read, 0, Seconds());
        if (live)
        {
            Show(0);
        }
    }

    /// <summary>Prints the speed, and what happened to some lines: --json says it of each.</summary>
    public void Finish()
    {
        var seconds = Seconds();
        output.WriteLine($"{(live ? "\r" : "")}{Speed(lines, seconds)}  in {Duration.Of(seconds)}   ");
        foreach (var (kind, (count, first)) in happened)
        {
            output.WriteLine($"lines that {Words[kind]}: {count:N0}, the first is line {first:N0}");
        }
    }

    private void Show(double share)
    {
        shown = clock.GetTimestamp();
        var (seconds, now) = (Seconds(), done + (share * (read - done)));
        var left = now > startedAt ? $"  {Duration.Of(seconds * (1 - now) / (now - startedAt))} left" : "";
        output.Write($"\r{Speed(lines + (share * group), seconds)}{left}   ");
    }

    private double Seconds() => Math.Max(clock.GetElapsedTime(started).TotalSeconds, 1e-3);

    private string Speed(double sentences, double seconds) =>
        $"{Math.Floor(sentences):N0} sentence{((long)sentences == 1 ? "" : "s")}  {sentences / seconds:F1} sentences/s  {tokens / counted:F0} tokens/s";

    /// <summary>How much of the input lines were made of.</summary>
    private static double Fraction(Stream? stream, LineReader reader) => stream is { Length: > 0 } ? reader.Used * stream.Position / stream.Length : 0;
}
