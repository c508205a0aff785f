using System.IO.Hashing;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Languages;
using Llamax.Text.Segmentation;

namespace Llamax.Corpora.Dictionaries;

/// <summary>How many of a text's words a lexicon knows.</summary>
/// <param name="Language">Code of the text's language.</param>
/// <param name="Running">Words of the text.</param>
/// <param name="RunningKnown">Those that the lexicon translates into some language.</param>
/// <param name="Distinct">Different words of the text, in lower case.</param>
/// <param name="DistinctKnown">Those that the lexicon translates into some language.</param>
public sealed record LexiconCoverage(string Language, long Running, long RunningKnown, long Distinct, long DistinctKnown)
{
    /// <summary>Cuts a text into words, in a language without spaces by the lexicon's words, as code-switching does where no other segmentation is set, and looks each up.</summary>
    /// <param name="lexicon">The lexicon.</param>
    /// <param name="language">The text's language, by any of the registry's codes.</param>
    /// <param name="file">The text; lines are cut one by one, what is no UTF-8 counts as U+FFFD.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="LlamaxException">The language is unknown, or the file cannot be read.</exception>
    public static LexiconCoverage Measure(MultilingualLexicon lexicon, string language, TextFile file, CancellationToken cancellationToken = default)
    {
        var known = LanguageRegistry.Default.Get(language);
        var number = lexicon.Store.Number(known.Code);
        var segmenter = WordSegmenters.For(known, lexicon.Words(known.Code));
        var lowerCase = LowerCase.For(known.Code);
        var segments = new List<(int Start, int Length, bool IsWord)>();
        var seen = new HashSet<ulong>();
        var (running, runningKnown, distinctKnown) = (0L, 0L, 0L);
        var lower = new byte[1 << 10];
        using var lines = new LineScanner(file);
        while (lines.TryRead(out var line))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (lower.Length < LowerCase.MaximumLength(line.Length))
            {
                lower = new byte[LowerCase.MaximumLength(2 * line.Length)];
            }

            var text = lower.AsSpan(0, lowerCase.Write(line, lower));
            segments.Clear();
            Utf8Segmentation.Segment(segmenter, text, segments);
            foreach (var (start, length, isWord) in segments)
            {
                if (isWord)
                {
                    var word = text.Slice(start, length);
                    var has = number >= 0 && lexicon.Store.Find(number, word) >= 0;
                    running++;
                    runningKnown += has ? 1 : 0;
                    distinctKnown += seen.Add(XxHash3.HashToUInt64(word)) && has ? 1 : 0;
                }
            }
        }

        return lines.Damage is null ? new LexiconCoverage(known.Code, running, runningKnown, seen.Count, distinctKnown) : throw lines.Damage;
    }
}
