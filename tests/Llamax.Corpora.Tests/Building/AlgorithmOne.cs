using System.Buffers;
using System.Text;
using Llamax.Corpora.Building;
using Llamax.Corpora.CodeSwitching;

namespace Llamax.Corpora.Tests.Building;

/// <summary>
/// Algorithm 1 as plainly as it can be said, over texts in memory and from one thread: sets for unions, lists for counts.
/// What is drawn at random is not said: an entry's two sides are given in alphabetical order of their languages.
/// </summary>
internal sealed class AlgorithmOne
{
    private readonly SortedDictionary<string, HashSet<string>> monolingual = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HashSet<(string First, string Second)>> pairs = new(StringComparer.Ordinal);

    public void AddText(string language, string text) => Of(monolingual, language).Add(text);

    /// <summary>A line of a set in several languages: a pair of every two that are there.</summary>
    public void AddLine(IReadOnlyDictionary<string, string> line)
    {
        foreach (var (first, left) in line)
        {
            foreach (var (second, right) in line)
            {
                if (string.CompareOrdinal(first, second) < 0 && left.Length > 0 && right.Length > 0)
                {
                    Of(pairs, $"{first}-{second}").Add((left, right));
                }
            }
        }
    }

    /// <summary>Every entry, as kind, languages and texts.</summary>
    public IEnumerable<(string Kind, string Languages, string Text)> Entries(DataOptions options, CodeSwitcher? switcher)
    {
        foreach (var (language, texts) in monolingual)
        {
            foreach (var text in texts)
            {
                yield return ("mono", language, text);
            }
        }

        var languages = pairs.Keys.SelectMany(pair => pair.Split('-')).ToHashSet();
        var centric = languages.ToDictionary(s => s, s => pairs.Where(pair => pair.Key.Split('-').Contains(s)).Sum(pair => pair.Value.Count));
        foreach (var (name, sentences) in pairs)
        {
            var (s, t) = (name.Split('-')[0], name.Split('-')[1]);
            foreach (var (left, right) in sentences)
            {
                for (var copy = 0; copy < (sentences.Count < options.ReplicateBelow ? options.Replicate : 1); copy++)
                {
                    yield return ("parallel", name, $"{left} {right}");
                }

                if (switcher is not null && (centric[s] < options.AugmentBelow || centric[t] < options.AugmentBelow))
                {
                    for (var copy = 0; copy < options.CodeSwitch.Copies; copy++)
                    {
                        if (Switch(switcher, s, t, left, right, copy) is { } there)
                        {
                            yield return ("code-switched", $"{s}-{t}", $"{there} {right}");
                        }

                        if (Switch(switcher, t, s, right, left, copy) is { } back)
                        {
                            yield return ("code-switched", $"{t}-{s}", $"{back} {left}");
                        }
                    }
                }
            }
        }
    }

    private static string? Switch(CodeSwitcher switcher, string source, string target, string from, string to, int copy)
    {
        var output = new ArrayBufferWriter<byte>();
        return switcher.TrySwitch(source, target, Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to), copy, output)
            ? Encoding.UTF8.GetString(output.WrittenSpan)
            : null;
    }

    private static HashSet<T> Of<T>(SortedDictionary<string, HashSet<T>> sets, string name) =>
        sets.TryGetValue(name, out var set) ? set : sets[name] = [];
}
