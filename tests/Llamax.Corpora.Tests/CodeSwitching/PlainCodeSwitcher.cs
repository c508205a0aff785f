using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Text.Languages;
using Llamax.Text.Randomness;
using Llamax.Text.Segmentation;

namespace Llamax.Corpora.Tests.CodeSwitching;

/// <summary>Code-switching as one would write it down: strings, plain dictionaries, a list of all ways for each word.</summary>
internal sealed class PlainCodeSwitcher(IEnumerable<(string From, string To, string Word, string Translation)> entries, CodeSwitchOptions options, long seed)
{
    private readonly ConcurrentDictionary<string, IWordSegmenter> segmenters = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), SortedSet<(string Language, string Word)>> lexicon = Lexicon(entries);

    public string? Switch(string source, string target, string text, string other, int copy, double rate)
    {
        var lower = LowerCase.For(source).Of(text);
        var segments = new List<(int Start, int Length, bool IsWord)>();
        Segmenter(source).Segment(lower, segments);
        var stream = Stream(source, target, text, other, copy);
        var (result, replaced, before) = (new StringBuilder(), false, (IsWord: false, IsReplaced: false));
        foreach (var (start, length, isWord) in segments)
        {
            var word = lower.Substring(start, length);
            string? translation = null;
            if (isWord && lexicon.ContainsKey((source, word)) && stream.NextDouble() < rate)
            {
                translation = Draw(source, target, word, stream);
            }

            result.Append(isWord && before.IsWord && (before.IsReplaced || translation is not null) ? " " : "").Append(translation ?? word);
            replaced |= translation is not null;
            before = (isWord, translation is not null);
        }

        return replaced ? result.ToString() : null;
    }

    private IWordSegmenter Segmenter(string language) => segmenters.GetOrAdd(
        language, code => WordSegmenters.For(LanguageRegistry.Default.Get(code), lexicon.Keys.Where(key => key.Item1 == code).Select(key => key.Item2)));

    private string? Draw(string source, string target, string word, RandomStream stream)
    {
        var all = new List<(string Language, string Word)>(lexicon[(source, word)]);
        if (options.Hops == 2)
        {
            foreach (var (language, step) in Steps(lexicon[(source, word)]))
            {
                foreach (var next in lexicon.GetValueOrDefault((language, LowerCase.For(language).Of(step)), []).GroupBy(entry => entry.Language))
                {
                    all.AddRange(next.Take(options.FanOut));
                }
            }
        }

        var allowed = all.Where(entry => entry.Language != source && entry.Language != target && (options.Languages.Count == 0 || options.Languages.Contains(entry.Language)))
            .Distinct().Order(Order).GroupBy(entry => entry.Language).ToList();
        if (allowed.Count == 0)
        {
            return null;
        }

        var drawn = allowed[stream.Next(allowed.Count)].ToList();
        return drawn[stream.Next(drawn.Count)].Word;
    }

    private IEnumerable<(string Language, string Word)> Steps(IEnumerable<(string Language, string Word)> translations)
    {
        var byLanguage = translations.GroupBy(entry => entry.Language).Select(group => group.ToList()).ToList();
        return Enumerable.Range(0, byLanguage.Max(group => group.Count))
            .SelectMany(round => byLanguage.Where(group => round < group.Count).Select(group => group[round])).Take(options.FanOut);
    }

    private RandomStream Stream(string source, string target, string text, string other, int copy)
    {
        var key = unchecked((long)new RandomStream(seed, "code-switch", source, target).NextUInt64());
        var first = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text), key);
        var stream = new RandomStream(seed, "code-switch");
        stream.Restart(XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(other), unchecked((long)(ulong)first)) ^ first, copy);
        return stream;
    }

    private static Dictionary<(string, string), SortedSet<(string, string)>> Lexicon(IEnumerable<(string From, string To, string Word, string Translation)> entries)
    {
        var words = new Dictionary<(string, string), SortedSet<(string, string)>>();
        foreach (var (from, to, word, translation) in entries)
        {
            Add(from, word, to, translation);
            Add(to, translation, from, word);
        }

        return words;

        void Add(string from, string word, string to, string translation)
        {
            var key = (from, LowerCase.For(from).Of(word));
            words.TryAdd(key, new SortedSet<(string, string)>(Order));
            words[key].Add((to, translation));
        }
    }

    /// <summary>By language, then by the word in lower case, then lower case first, then by spelling.</summary>
    private static readonly Comparer<(string Language, string Word)> Order = Comparer<(string Language, string Word)>.Create((a, b) =>
    {
        var (keyA, keyB) = (LowerCase.For(a.Language).Of(a.Word), LowerCase.For(b.Language).Of(b.Word));
        return string.CompareOrdinal(a.Language, b.Language) is var byLanguage and not 0 ? byLanguage
            : Bytes(keyA, keyB) is var byKey and not 0 ? byKey
            : (a.Word != keyA).CompareTo(b.Word != keyB) is var byCase and not 0 ? byCase : Bytes(a.Word, b.Word);
    });

    private static int Bytes(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));
}
