using System.Diagnostics;
using Llamax.Translation.Translating;

namespace Llamax.Cli.Commands;

/// <summary>Speed and time left on standard error; only the closing line where that is redirected.</summary>
/// <param name="source">The input, where its length is known.</param>
internal sealed class TranslationProgress(Stream? source)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly double startedAt = Fraction(source);
    private long lines, tokens;

    public void Add(IReadOnlyList<TranslatedText> translated)
    {
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

    public void Finish() =>
        Console.Error.WriteLine($"{(Console.IsErrorRedirected ? "" : "\r")}{Speed()}  in {watch.Elapsed:hh\\:mm\\:ss}   ");

    private string Speed()
    {
        var seconds = Math.Max(watch.Elapsed.TotalSeconds, 1e-3);
        return $"{lines:N0} sentence{(lines == 1 ? "" : "s")}  {lines / seconds:F1} sentences/s  {tokens / seconds:F0} tokens/s";
    }

    private static double Fraction(Stream? stream) => stream is { Length: > 0 } ? (double)stream.Position / stream.Length : 0;
}
