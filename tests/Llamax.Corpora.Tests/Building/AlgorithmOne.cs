using System.Text;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.CodeSwitching;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Tests.Building;

/// <summary>
/// Algorithm 1 as plainly as it can be said, over texts in memory and from one thread: sets for unions, sorted lists for
/// samples, one sentence after the other. Only what a draw gives is the builder's own.
/// </summary>
/// <param name="options">The numbers of the algorithm.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class AlgorithmOne(DataOptions options, long seed)
{
    private readonly SortedDictionary<string, HashSet<string>> monolingual = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HashSet<(string First, string Second)>> pairs = new(StringComparer.Ordinal);
    private readonly HashSet<string> english = [];
    private readonly ContentHash hash = new(seed);

    /// <summary>A sentence with words of other languages; null where none was replaced.</summary>
    public delegate string? Switch(string source, string target, string text, string other, int copy, double rate);

    public void AddText(string language, string text) => Of(monolingual, language).Add(text);

    /// <summary>English text that is there to be translated.</summary>
    public void AddEnglish(string text) => english.Add(text);

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

    /// <summary>Every entry, as kind, language or direction, and text.</summary>
    /// <param name="switcher">Augments; null for nobody.</param>
    /// <param name="languages">The languages that English is translated for; none for no translation.</param>
    /// <param name="translate">Translates an English sentence into a language.</param>
    public IEnumerable<(string Kind, string Direction, string Text)> Entries(
        Switch? switcher, IReadOnlyList<string>? languages = null, Func<string, string, string>? translate = null)
    {
        var centric = pairs.SelectMany(pair => pair.Key.Split('-').Select(language => (Language: language, pair.Value.Count)))
            .GroupBy(each => each.Language, each => each.Count).ToDictionary(each => each.Key, each => each.Sum());
        bool IsScarce(string language) => centric.GetValueOrDefault(language) < options.AugmentBelow;

        foreach (var (language, texts) in monolingual)
        {
            foreach (var text in Sample(texts, options.MaxTexts, text => Hash(language, text)))
            {
                yield return ("mono", language, text);
                for (var copy = 0; switcher is not null && options.CodeSwitch.From != CodeSwitchSource.Parallel && IsScarce(language) && copy < options.CodeSwitch.Copies; copy++)
                {
                    if (switcher(language, language, text, "", copy, 1) is { } switched)
                    {
                        yield return ("code-switched-mono", language, $"{switched} {text}");
                    }
                }
            }
        }

        foreach (var (name, sentences) in pairs)
        {
            var isSwitched = switcher is not null && options.CodeSwitch.From != CodeSwitchSource.Monolingual && name.Split('-').Any(IsScarce);
            foreach (var entry in OfPair(name, sentences, "", sentences.Count < options.ReplicateBelow ? options.Replicate : 1, isSwitched ? switcher : null))
            {
                yield return entry;
            }
        }

        foreach (var (name, sentences) in Translated(languages ?? [], centric, translate))
        {
            sentences.ExceptWith(pairs.GetValueOrDefault(name) ?? []);
            foreach (var entry in OfPair(name, sentences, "pseudo-", options.Pseudo.Unaugmented ? 1 : 0, options.CodeSwitch.From != CodeSwitchSource.Monolingual ? switcher : null))
            {
                yield return entry;
            }
        }
    }

    private IEnumerable<(string Kind, string Direction, string Text)> OfPair(
        string name, IEnumerable<(string First, string Second)> sentences, string prefix, int replicas, Switch? switcher)
    {
        var (s, t) = (name.Split('-')[0], name.Split('-')[1]);
        foreach (var (left, right) in Sample(sentences, options.MaxPairs, pair => Hash(name, pair.First, pair.Second)))
        {
            var draws = new ContentDraws(Hash(name, left, right), new RandomStream(seed, "direction").NextUInt64());
            for (var copy = 0; copy < replicas; copy++)
            {
                yield return draws.NextBool() ? ($"{prefix}parallel", $"{s}-{t}", $"{left} {right}") : ($"{prefix}parallel", $"{t}-{s}", $"{right} {left}");
            }

            for (var copy = 0; switcher is not null && copy < options.CodeSwitch.Copies; copy++)
            {
                if (switcher(s, t, left, right, copy, options.CodeSwitch.Rate) is { } there)
                {
                    yield return ($"{prefix}code-switched", $"{s}-{t}", $"{there} {right}");
                }

                if (switcher(t, s, right, left, copy, options.CodeSwitch.Rate) is { } back)
                {
                    yield return ($"{prefix}code-switched", $"{t}-{s}", $"{back} {left}");
                }
            }
        }
    }

    /// <summary>
    /// For each language as many English sentences as it lacks pairs, none of which the monolingual text has; one after the
    /// other for the partner that it has the fewest pairs with.
    /// </summary>
    private SortedDictionary<string, HashSet<(string First, string Second)>> Translated(
        IReadOnlyList<string> languages, Dictionary<string, int> centric, Func<string, string, string>? translate)
    {
        var made = new SortedDictionary<string, HashSet<(string First, string Second)>>(StringComparer.Ordinal);
        List<string> fresh = [.. english.Except(monolingual.GetValueOrDefault("en") ?? [])];
        foreach (var language in languages)
        {
            var key = new RandomStream(seed, "pseudo", language).NextUInt64();
            var lacks = Math.Max(0, options.Pseudo.Below - centric.GetValueOrDefault(language));
            var sentences = new Queue<string>(fresh.OrderBy(text => new ContentDraws(Hash("en", text), key).Next()).Take(lacks));
            var partners = languages.Where(other => other != language).Order(StringComparer.Ordinal)
                .Select(other => (Name: string.Join('-', new[] { language, other }.Order(StringComparer.Ordinal)), Given: 0)).ToArray();
            for (var i = 0; i < sentences.Count; i++)
            {
                var next = Enumerable.Range(0, partners.Length).MinBy(partner => (Had(partner) + partners[partner].Given, Had(partner)));
                partners[next].Given++;
            }

            foreach (var (name, given) in partners)
            {
                for (var i = 0; i < given; i++)
                {
                    var sentence = sentences.Dequeue();
                    string[] sides = [.. name.Split('-').Select(side => side == "en" ? sentence : translate!(sentence, side))];
                    Of(made, name).Add((sides[0], sides[1]));
                }
            }

            int Had(int partner) => pairs.GetValueOrDefault(partners[partner].Name)?.Count ?? 0;
        }

        return made;
    }

    private UInt128 Hash(string languages, string first, string second = "") =>
        hash.Of(Encoding.UTF8.GetBytes(languages), Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second));

    private static IEnumerable<T> Sample<T>(IEnumerable<T> all, int maximum, Func<T, UInt128> draw) => maximum == 0 ? all : all.OrderBy(draw).Take(maximum);

    private static HashSet<T> Of<T>(SortedDictionary<string, HashSet<T>> sets, string name) =>
        sets.TryGetValue(name, out var set) ? set : sets[name] = [];
}
