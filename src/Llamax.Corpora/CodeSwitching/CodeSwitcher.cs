using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Text.Languages;
using Llamax.Text.Randomness;
using Llamax.Text.Segmentation;

namespace Llamax.Corpora.CodeSwitching;

/// <summary>
/// Replaces words of a sentence at random by translations into languages other than the pair's: the paper's
/// augmentation of parallel data. Thread-safe.
/// </summary>
/// <remarks>
/// The sentence is put into lower case and cut into words. Each word that has a translation into a third language is
/// replaced with the probability <see cref="CodeSwitchOptions.Rate"/>: the language is drawn evenly from those that have
/// the word, then the translation from that language's. A replacement that would touch a neighbouring word, as in Chinese
/// or Thai, is set off by a space. The draws belong to the pair's text and the copy, so neither the order of the corpus
/// nor the number of threads changes them.
/// </remarks>
public sealed class CodeSwitcher
{
    private readonly MultilingualLexicon lexicon;
    private readonly Func<string, IWordSegmenter> segmenterOf;
    private readonly double rate;
    private readonly HashSet<string> allowed = [];
    private readonly long seed;

    /// <summary>Prepares the augmentation.</summary>
    /// <param name="lexicon">Translations of words.</param>
    /// <param name="options">How words are replaced.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="segmenters">
    /// By language code, what cuts its sentences. Of the languages that are not given one, those without spaces know the
    /// lexicon's words; a code that is not in the registry counts as a language with spaces.
    /// </param>
    public CodeSwitcher(MultilingualLexicon lexicon, CodeSwitchOptions options, long seed, IReadOnlyDictionary<string, IWordSegmenter>? segmenters = null)
        : this(lexicon, SegmentersOver(lexicon, segmenters), options.Rate, seed) => allowed = [.. options.Languages];

    /// <summary>Prepares the augmentation.</summary>
    /// <param name="lexicon">Translations of words.</param>
    /// <param name="segmenterOf">How the sentences of a language are cut into words; called from several threads.</param>
    /// <param name="rate">Probability that a word with a translation is replaced, above 0 to 1.</param>
    /// <param name="seed">The run's seed.</param>
    public CodeSwitcher(MultilingualLexicon lexicon, Func<string, IWordSegmenter> segmenterOf, double rate, long seed)
    {
        this.lexicon = lexicon;
        this.segmenterOf = segmenterOf;
        this.rate = rate;
        this.seed = seed;
    }

    /// <summary>
    /// Prepares the augmentation with segmenters by language. Of the languages that are not given one, those without spaces
    /// know the lexicon's words; a code that is not in the registry counts as a language with spaces.
    /// </summary>
    /// <param name="lexicon">Translations of words.</param>
    /// <param name="rate">Probability that a word with a translation is replaced, above 0 to 1.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="segmenters">By language code, what cuts its sentences.</param>
    public CodeSwitcher(MultilingualLexicon lexicon, double rate, long seed, IReadOnlyDictionary<string, IWordSegmenter>? segmenters = null)
        : this(lexicon, SegmentersOver(lexicon, segmenters), rate, seed)
    {
    }

    /// <summary>Changes the source of a pair.</summary>
    /// <param name="pair">The pair; only its source is changed.</param>
    /// <param name="copy">Which copy, from 0; each draws anew.</param>
    /// <returns>The changed source in lower case, or null where no word was replaced.</returns>
    public string? Switch(SentencePair pair, int copy)
    {
        var output = new ArrayBufferWriter<byte>();
        return TrySwitch(pair.SourceLanguage, pair.TargetLanguage, Encoding.UTF8.GetBytes(pair.Source), Encoding.UTF8.GetBytes(pair.Target), copy, output)
            ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }

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
        TrySwitch(new SentencePair(sourceLanguage, targetLanguage, Encoding.UTF8.GetString(source), Encoding.UTF8.GetString(target)), rate, copy, output);

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
        TrySwitch(new SentencePair(language, language, Encoding.UTF8.GetString(text), ""), 1, copy, output);

    private bool TrySwitch(SentencePair pair, double share, int copy, ArrayBufferWriter<byte> output)
    {
        var text = pair.Source.ToLowerInvariant();
        var segments = new List<(int Start, int Length, bool IsWord)>();
        segmenterOf(pair.SourceLanguage).Segment(text, segments);
        var stream = new RandomStream(seed, "code-switch", pair.SourceLanguage, pair.TargetLanguage, pair.Source, pair.Target, $"{copy}");
        var result = new StringBuilder(text.Length + 32);
        var translations = new List<LexiconTranslation>();
        var replaced = 0;
        var (afterWord, afterReplacement) = (false, false);
        foreach (var (start, length, isWord) in segments)
        {
            var replacement = isWord ? Draw(pair, text.Substring(start, length), share, translations, stream) : null;
            if (isWord && afterWord && (afterReplacement || replacement is not null))
            {
                result.Append(' ');
            }

            if (replacement is null)
            {
                result.Append(text, start, length);
            }
            else
            {
                result.Append(replacement);
                replaced++;
            }

            (afterWord, afterReplacement) = (isWord, replacement is not null);
        }

        if (replaced > 0)
        {
            Encoding.UTF8.GetBytes(result.ToString(), output);
        }

        return replaced > 0;
    }

    private static Func<string, IWordSegmenter> SegmentersOver(MultilingualLexicon lexicon, IReadOnlyDictionary<string, IWordSegmenter>? given)
    {
        var segmenters = new ConcurrentDictionary<string, Lazy<IWordSegmenter>>();
        return code => given?.GetValueOrDefault(code) ?? segmenters.GetOrAdd(code, _ => new(() => LanguageRegistry.Default.Find(code) is { } language
            ? WordSegmenters.For(language, lexicon.Words(code))
            : new WhitespaceSegmenter())).Value;
    }

    private string? Draw(SentencePair pair, string word, double share, List<LexiconTranslation> translations, RandomStream stream)
    {
        translations.Clear();
        lexicon.Find(pair.SourceLanguage, word, translations);
        translations.RemoveAll(entry => entry.Language == pair.SourceLanguage || entry.Language == pair.TargetLanguage
            || (allowed.Count > 0 && !allowed.Contains(entry.Language)));
        if (translations.Count == 0 || stream.NextDouble() >= share)
        {
            return null;
        }

        var language = translations[0].Language;
        var languages = 0;
        foreach (var entry in translations.DistinctBy(entry => entry.Language))
        {
            language = stream.Next(++languages) == 0 ? entry.Language : language;
        }

        var choices = translations.FindAll(entry => entry.Language == language);
        return choices[stream.Next(choices.Count)].Word;
    }
}
