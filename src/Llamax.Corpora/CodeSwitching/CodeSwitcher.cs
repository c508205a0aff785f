using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Dictionaries.Storage;
using Llamax.Text.Languages;
using Llamax.Text.Randomness;
using Llamax.Text.Segmentation;

namespace Llamax.Corpora.CodeSwitching;

/// <summary>
/// Replaces words of a sentence at random by translations into other languages: the paper's augmentation with
/// dictionaries, of parallel and of monolingual text. Thread-safe.
/// </summary>
/// <remarks>
/// The sentence is put into lower case and cut into words. Each word that the lexicon has is drawn with the probability
/// <see cref="CodeSwitchOptions.Rate"/>; then its language is drawn evenly from those that are allowed and have a
/// translation, and the translation evenly from that language's. A replacement that would touch a neighbouring word, as in
/// Chinese or Thai, is set off by a space. The draws belong to the text and the copy, so neither the order of the corpus
/// nor the number of threads changes them.
/// </remarks>
public sealed class CodeSwitcher
{
    private const string StreamName = "code-switch";

    private readonly LexiconStore store;
    private readonly MultilingualLexicon lexicon;
    private readonly IReadOnlyDictionary<string, IWordSegmenter>? given;
    private readonly CodeSwitchOptions options;
    private readonly long seed;
    private readonly ulong[] allowed;
    private readonly (int Hops, int FanOut) reach;
    private readonly ConcurrentDictionary<string, Lazy<IWordSegmenter>> segmenters = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, string), SwitchPlan> plans = new();
    private readonly ConcurrentBag<SwitchWorkspace> workspaces = [];

    /// <summary>Prepares the augmentation.</summary>
    /// <param name="lexicon">Translations of words; two hops are taken where it or the options ask for them.</param>
    /// <param name="options">How words are replaced.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="segmenters">
    /// By language code, what cuts its sentences. Of the languages that are not given one, those without spaces know the
    /// lexicon's words; a code that is not in the registry counts as a language with spaces.
    /// </param>
    /// <exception cref="LlamaxException">The lexicon has no word of the languages that the options allow.</exception>
    public CodeSwitcher(MultilingualLexicon lexicon, CodeSwitchOptions options, long seed, IReadOnlyDictionary<string, IWordSegmenter>? segmenters = null)
    {
        (this.lexicon, store, this.options, this.seed, given) = (lexicon, lexicon.Store, options, seed, segmenters);
        reach = options.Hops == 2 ? (2, options.FanOut) : (lexicon.Hops, lexicon.FanOut);
        allowed = Allowed();
    }

    /// <summary>Those of <see cref="CodeSwitchOptions.Languages"/> of which the lexicon has no word.</summary>
    public IEnumerable<string> Missing => options.Languages.Where(code => Number(code) < 0);

    /// <summary>
    /// Changes the source of a pair: it is put into lower case, and some of its words are replaced by translations into
    /// languages other than the pair's.
    /// </summary>
    /// <param name="sourceLanguage">Code of the source's language.</param>
    /// <param name="targetLanguage">Code of the target's language.</param>
    /// <param name="source">The source, UTF-8.</param>
    /// <param name="target">The target, UTF-8; it stays as it is.</param>
    /// <param name="copy">Which copy, from 0; each draws anew.</param>
    /// <param name="output">The changed source is appended to it, UTF-8; nothing where no word was replaced.</param>
    /// <returns>Whether a word was replaced.</returns>
    public bool TrySwitch(string sourceLanguage, string targetLanguage, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, int copy, ArrayBufferWriter<byte> output) =>
        TrySwitch(sourceLanguage, targetLanguage, source, target, options.Rate, copy, output);

    /// <summary>
    /// Changes a text: it is put into lower case, and every word that the lexicon translates into another language is
    /// replaced.
    /// </summary>
    /// <param name="language">Code of the text's language.</param>
    /// <param name="text">The text, UTF-8.</param>
    /// <param name="copy">Which copy, from 0; each draws anew.</param>
    /// <param name="output">The changed text is appended to it, UTF-8; nothing where no word was replaced.</param>
    /// <returns>Whether a word was replaced.</returns>
    public bool TrySwitchText(string language, ReadOnlySpan<byte> text, int copy, ArrayBufferWriter<byte> output) =>
        TrySwitch(language, language, text, [], 1, copy, output);

    private bool TrySwitch(string sourceLanguage, string targetLanguage, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, double rate, int copy, ArrayBufferWriter<byte> output)
    {
        if (!workspaces.TryTake(out var work))
        {
            work = new SwitchWorkspace(new WordDraw(store, reach.Hops, reach.FanOut), new RandomStream(seed, StreamName));
        }

        var plan = work.Plan is { } last && last.Source == sourceLanguage && last.Target == targetLanguage
            ? last : plans.GetOrAdd((sourceLanguage, targetLanguage), Plan);
        work.Plan = plan;
        var replaced = plan.Number >= 0 && Replace(plan, work, source, target, rate, copy);
        if (replaced)
        {
            output.Write(work.Result.Bytes);
        }

        workspaces.Add(work);
        return replaced;
    }

    private bool Replace(SwitchPlan plan, SwitchWorkspace work, ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, double rate, int copy)
    {
        var lower = work.Lower(LowerCase.MaximumLength(source.Length));
        var text = lower.AsSpan(0, plan.LowerCase.Write(source, lower));
        work.Segments.Clear();
        Utf8Segmentation.Segment(plan.Segmenter, text, work.Segments);
        var first = XxHash128.HashToUInt128(source, plan.Key);
        work.Stream.Restart(XxHash128.HashToUInt128(target, unchecked((long)(ulong)first)) ^ first, copy);
        Draw(plan, work, text, rate);
        Write(work, text);
        return work.Replacements.Count > 0;
    }

    /// <summary>Draws what comes in; the words themselves are only asked for yet, so that the waits for memory overlap.</summary>
    private void Draw(SwitchPlan plan, SwitchWorkspace work, ReadOnlySpan<byte> text, double rate)
    {
        var records = work.Records();
        store.Find(plan.Number, text, CollectionsMarshal.AsSpan(work.Segments), records);
        work.Draw.Expect(records);
        work.Replacements.Clear();
        for (var i = 0; i < records.Length; i++)
        {
            if (records[i] >= 0 && work.Stream.NextDouble() < rate && work.Draw.TryDraw(records[i], plan.Allowed, work.Stream, out var translation))
            {
                store.Image.Prefetch(translation.Record);
                work.Replacements.Add((i, translation));
            }
        }
    }

    private void Write(SwitchWorkspace work, ReadOnlySpan<byte> text)
    {
        var result = work.Result;
        var parts = CollectionsMarshal.AsSpan(work.Segments);
        result.Clear();
        var (last, copied) = (-1, 0);
        foreach (var (part, translation) in CollectionsMarshal.AsSpan(work.Replacements))
        {
            var (start, length, _) = parts[part];
            result.Add(last >= 0 && last + 1 < part && parts[last + 1].IsWord ? " "u8 : []);
            result.Add(text[copied..start]);
            result.Add(part > 0 && parts[part - 1].IsWord ? " "u8 : []);
            result.Add(store.At(translation.Record).Spelling(translation.Spelling));
            (last, copied) = (part, start + length);
        }

        result.Add(last >= 0 && last + 1 < parts.Length && parts[last + 1].IsWord ? " "u8 : []);
        result.Add(text[copied..]);
    }

    private SwitchPlan Plan((string Source, string Target) languages)
    {
        var (source, target) = languages;
        var mask = (ulong[])allowed.Clone();
        foreach (var number in new[] { store.Number(source), store.Number(target) })
        {
            if (number >= 0)
            {
                mask[number >> 6] &= ~(1UL << number);
            }
        }

        return new SwitchPlan(source, target, store.Number(source), mask, LowerCase.For(source), Segmenter(source),
            unchecked((long)new RandomStream(seed, StreamName, source, target).NextUInt64()));
    }

    private IWordSegmenter Segmenter(string code) => given?.GetValueOrDefault(code) ?? segmenters.GetOrAdd(code, _ => new(() =>
        LanguageRegistry.Default.Find(code) is { } language ? WordSegmenters.For(language, lexicon.Words(code)) : new WhitespaceSegmenter())).Value;

    private int Number(string code) => store.Number(LanguageRegistry.Default.Find(code)?.Code ?? code);

    private ulong[] Allowed()
    {
        var mask = new ulong[(store.Header.Languages.Count + 63) / 64];
        foreach (var code in options.Languages.Count == 0 ? lexicon.Languages : options.Languages)
        {
            var number = Number(code);
            if (number >= 0)
            {
                mask[number >> 6] |= 1UL << number;
            }
        }

        return options.Languages.Count == 0 || mask.AsSpan().ContainsAnyExcept(0UL) ? mask : throw new LlamaxException(
            $"Code-switching may use words of {string.Join(", ", options.Languages)} only, and the lexicon has none of them; it has {string.Join(", ", lexicon.Languages)}.");
    }
}
