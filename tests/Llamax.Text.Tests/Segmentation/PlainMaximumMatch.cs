using System.Text;
using Llamax.Text.Characters;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

/// <summary>Maximum matching by trying every way to cut the text: slow, and said as the rules are said.</summary>
internal static class PlainMaximumMatch
{
    private enum Source
    {
        Lexicon,
        Unknown,
    }

    /// <summary>The parts of the best way.</summary>
    public static string[] Cut(string text, HashSet<string> lexicon, UnknownText unknown)
    {
        var clusters = PlainClusters.Of(text);
        var best = Ways(text, 0).Where(way => IsAllowed(way, unknown))
            .OrderBy(way => way.Where(part => part.Source == Source.Unknown).Sum(part => part.Text.EnumerateRunes().Count()))
            .ThenBy(way => way.Count)
            .ThenBy(way => way, Comparer<List<(string Text, Source Source)>>.Create(Compare))
            .First();
        return [.. best.Select(part => part.Text)];

        IEnumerable<List<(string Text, Source Source)>> Ways(string text, int start)
        {
            if (start == text.Length)
            {
                yield return [];
                yield break;
            }

            foreach (var (end, source) in Parts(text, start, clusters, lexicon))
            {
                foreach (var rest in Ways(text, end))
                {
                    yield return [(text[start..end], source), .. rest];
                }
            }
        }
    }

    /// <summary>The same in time that allows for long texts: from the end to the beginning, the best way from each cluster.</summary>
    public static string[] CutLong(string text, HashSet<string> lexicon, UnknownText unknown)
    {
        var clusters = PlainClusters.Of(text);
        var longest = lexicon.Select(word => word.Length).Append(0).Max();
        var best = new Dictionary<int, ((long Unknown, int Parts) Cost, int End)> { [text.Length] = ((0, 0), text.Length) };
        ((long Unknown, int Parts) Cost, int End)? run = null; // Where unknown text begins at the cluster behind.
        for (var at = clusters.Count - 1; at >= 0; at--)
        {
            var (start, kind) = clusters[at];
            var next = at + 1 < clusters.Count ? clusters[at + 1].Start : text.Length;
            var ways = new List<((long Unknown, int Parts) Cost, int End)>(); // From the one that is taken last among equals.
            if (kind == ElementKind.Unspaced)
            {
                var (rest, end) = (best[next].Cost with { Parts = best[next].Cost.Parts + 1 }, next);
                if (unknown == UnknownText.Runs && run is { } going && going.Cost.CompareTo(rest) < 0 && ShareScript(text, start, next))
                {
                    (rest, end) = going;
                }

                run = ((rest.Unknown + text[start..next].EnumerateRunes().Count(), rest.Parts), end);
                ways.Add(run.Value);
            }
            else
            {
                run = null;
                var end = kind == ElementKind.Spaced ? TextElement.EndOfWord(text, start, stopAtUnspaced: true) : TextElement.EndOfRest(text, start);
                ways.Add((best[end].Cost with { Parts = best[end].Cost.Parts + 1 }, end));
            }

            for (var last = at; kind is ElementKind.Unspaced or ElementKind.Spaced && last < clusters.Count; last++)
            {
                var end = last + 1 < clusters.Count ? clusters[last + 1].Start : text.Length;
                if (end - start > longest)
                {
                    break;
                }

                var insideWord = last + 1 < clusters.Count && clusters[last + 1].Kind == ElementKind.Spaced && clusters[last].Kind == ElementKind.Spaced;
                if (!insideWord && lexicon.Contains(text[start..end]))
                {
                    ways.Add((best[end].Cost with { Parts = best[end].Cost.Parts + 1 }, end));
                }
            }

            best[start] = ways.Aggregate((a, b) => b.Cost.CompareTo(a.Cost) <= 0 ? b : a);
        }

        var parts = new List<string>();
        for (var start = 0; start < text.Length; start = best[start].End)
        {
            parts.Add(text[start..best[start].End]);
        }

        return [.. parts];
    }

    private static bool ShareScript(string text, int one, int other)
    {
        var (script, second) = (Script(text, one), Script(text, other));
        return script == second || script == "Common" || second == "Common";
    }

    private static string Script(string text, int at)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _);
        return UnicodeScripts.Default.Of(rune.Value);
    }

    private static IEnumerable<(int End, Source Source)> Parts(string text, int start, List<(int Start, ElementKind Kind)> clusters, HashSet<string> lexicon)
    {
        var at = clusters.FindIndex(cluster => cluster.Start == start);
        var kind = clusters[at].Kind;
        if (kind is ElementKind.Other or ElementKind.Joiner)
        {
            yield return (TextElement.EndOfRest(text, start), Source.Lexicon);
            yield break;
        }

        if (kind == ElementKind.Spaced)
        {
            yield return (TextElement.EndOfWord(text, start, stopAtUnspaced: true), Source.Lexicon);
        }

        for (var next = at + 1; next <= clusters.Count; next++)
        {
            var end = next < clusters.Count ? clusters[next].Start : text.Length;
            var insideWord = next < clusters.Count && clusters[next].Kind == ElementKind.Spaced && clusters[next - 1].Kind == ElementKind.Spaced;
            if (lexicon.Contains(text[start..end]) && !insideWord)
            {
                yield return (end, Source.Lexicon);
            }

            if (clusters[at..next].TrueForAll(cluster => cluster.Kind == ElementKind.Unspaced))
            {
                yield return (end, Source.Unknown);
            }
        }
    }

    /// <summary>Unknown parts hold one script, and two of the same script do not follow each other; or they are single characters.</summary>
    private static bool IsAllowed(List<(string Text, Source Source)> way, UnknownText unknown)
    {
        for (var i = 0; i < way.Count; i++)
        {
            if (way[i].Source != Source.Unknown)
            {
                continue;
            }

            var clusters = PlainClusters.Of(way[i].Text);
            string[] scripts = [.. clusters.Select(cluster => UnicodeScripts.Default.Of(Rune.GetRuneAt(way[i].Text, cluster.Start).Value))];
            if (clusters.Count > 1 && (unknown == UnknownText.Characters || scripts.Distinct().Count() > 1))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Of two ways of equal worth: the lexicon before the unknown; the longer word; the shorter unknown part.</summary>
    private static int Compare(List<(string Text, Source Source)>? a, List<(string Text, Source Source)>? b)
    {
        for (var i = 0; i < a!.Count; i++)
        {
            if (a[i] != b![i])
            {
                return a[i].Source != b[i].Source ? a[i].Source.CompareTo(b[i].Source)
                    : a[i].Source == Source.Lexicon ? b[i].Text.Length - a[i].Text.Length : a[i].Text.Length - b[i].Text.Length;
            }
        }

        return 0;
    }
}
