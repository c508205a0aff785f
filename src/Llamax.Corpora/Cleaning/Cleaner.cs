using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Llamax.Corpora.Cleaning.Repair;
using Llamax.Corpora.Cleaning.Spans;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Characters;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Cleaning;

/// <summary>Mends texts and says which of them, and which pairs, are left out. Immutable and thread-safe.</summary>
public sealed class Cleaner
{
    private const string Version = "3"; // Counts up when the same options come to mean something else.

    private readonly CleaningOptions options;
    private readonly BenchmarkIndex? benchmarks;
    private readonly LanguageLabel? label;

    /// <summary>A cleaner.</summary>
    /// <param name="options">What it does.</param>
    /// <param name="benchmarks">Test sets that are kept out; null for none.</param>
    /// <param name="label">Identifies languages; needed for <see cref="CleaningOptions.WrongLanguage"/>.</param>
    /// <exception cref="LlamaxException">Languages are to be checked, and nothing is there that identifies them.</exception>
    public Cleaner(CleaningOptions options, BenchmarkIndex? benchmarks = null, LanguageLabel? label = null)
    {
        if (options.WrongLanguage && label is null)
        {
            throw new LlamaxException("cleaning.wrong_language is on, but there is no language identifier to ask. Switch it off.");
        }

        (this.options, this.benchmarks, this.label) = (options, benchmarks, label);
        var settings = JsonSerializer.SerializeToUtf8Bytes(options);
        Fingerprint = Convert.ToHexStringLower(XxHash128.Hash([.. Encoding.UTF8.GetBytes($"{Version} {benchmarks?.Fingerprint} "), .. settings]));
    }

    /// <summary>Changes with the options and with the contents of the benchmarks.</summary>
    public string Fingerprint { get; }

    /// <summary>
    /// Cleans records text by text. What is left out of a record is an empty field; a record of which less than two texts
    /// are left, or of one text none, is left out.
    /// </summary>
    /// <param name="records">The records.</param>
    /// <param name="languages">The languages of their fields.</param>
    /// <param name="cleaned">Receives what is left of them, under their numbers.</param>
    /// <param name="counts">Counts what is done.</param>
    public void Clean(RecordBatch records, IReadOnlyList<string> languages, RecordBatch cleaned, CleaningCounts counts)
    {
        var form = options.Nfc ? new NormalForm() : null;
        for (var record = 0; record < records.Count; record++)
        {
            var texts = 0;
            for (var field = 0; field < records.Fields; field++)
            {
                if (!records[record, field].IsEmpty && CleanText(records[record, field], languages[field], form, cleaned, counts))
                {
                    texts++;
                }
                else
                {
                    cleaned.Shorten(0);
                    cleaned.EndField();
                }
            }

            if (texts >= Math.Min(2, records.Fields))
            {
                cleaned.EndRecord(records.Number(record));
            }
            else
            {
                cleaned.Abandon();
            }
        }
    }

    /// <summary>Whether two texts may be a sentence pair.</summary>
    /// <param name="firstLanguage">Code of the first one's language.</param>
    /// <param name="first">The first text, cleaned.</param>
    /// <param name="secondLanguage">Code of the second one's language.</param>
    /// <param name="second">The second text, cleaned.</param>
    /// <param name="counts">Counts what is left out.</param>
    public bool KeepsPair(string firstLanguage, ReadOnlySpan<byte> first, string secondLanguage, ReadOnlySpan<byte> second, CleaningCounts counts)
    {
        var step = options.MaxRatio > 0 && Ratio(firstLanguage, first, secondLanguage, second) > options.MaxRatio ? CleaningStep.MaxRatio
            : options.SameAsSource && AreSame(first, second) ? CleaningStep.SameAsSource
            : null;
        if (step is not null)
        {
            counts.Add(step, string.CompareOrdinal(firstLanguage, secondLanguage) < 0 ? $"{firstLanguage}-{secondLanguage}" : $"{secondLanguage}-{firstLanguage}");
        }

        return step is null;
    }

    /// <summary>Writes the cleaned text and ends its field; returns false, with the field not ended, where it is left out.</summary>
    private bool CleanText(ReadOnlySpan<byte> text, string language, NormalForm? form, RecordBatch cleaned, CleaningCounts counts)
    {
        var (changed, lost) = (false, 0);
        if (options.Unicode)
        {
            changed = UnicodeRepair.Append(text, cleaned, out lost);
        }
        else
        {
            cleaned.Append(text);
        }

        if (form is not null && form.Compose(cleaned.Current) is var composed && !composed.SequenceEqual(cleaned.Current))
        {
            cleaned.Shorten(0);
            cleaned.Append(composed);
            changed = true;
        }

        var (start, length) = Utf8Text.Trim(cleaned.Current);
        var kept = cleaned.Current.Slice(start, length);
        var fault = Fault(kept, lost, language, out var benchmark);
        if (fault is not null)
        {
            counts.Add(fault, language, benchmark: benchmark);
            return false;
        }

        if (changed)
        {
            counts.Add(CleaningStep.Unicode, language);
        }

        cleaned.EndField(start, length);
        return true;
    }

    private string? Fault(ReadOnlySpan<byte> text, int lost, string language, out string? benchmark)
    {
        benchmark = null;
        if (text.IsEmpty)
        {
            return CleaningStep.Damaged; // There was nothing in it but what nobody sees.
        }

        if (lost > 0 || options.MinLength > 0 || options.MaxLength > 0)
        {
            var characters = CharacterLengths.Characters(text);
            if (lost > options.MaxDamage * ((double)characters + lost))
            {
                return CleaningStep.Damaged;
            }

            if (characters < options.MinLength)
            {
                return CleaningStep.MinLength;
            }

            if (options.MaxLength > 0 && characters > options.MaxLength)
            {
                return CleaningStep.MaxLength;
            }
        }

        if (options.WrongLanguage && IsInAnother(text, language))
        {
            return CleaningStep.WrongLanguage;
        }

        benchmark = benchmarks?.Find(text);
        return benchmark is null ? null : CleaningStep.Contaminated;
    }

    /// <summary>Languages that the label cannot name, and those that share one, are not held against a text.</summary>
    private bool IsInAnother(ReadOnlySpan<byte> text, string language)
    {
        var registry = LanguageRegistry.Default;
        return registry.Find(language)?.FastTextLabel is { } expected && label!(text) is { } found && found != language
            && (registry.Find(found)?.FastTextLabel ?? found) != expected;
    }

    private static double Ratio(string firstLanguage, ReadOnlySpan<byte> first, string secondLanguage, ReadOnlySpan<byte> second)
    {
        var lengths = CharacterLengths.Default;
        var ratio = CharacterLengths.Characters(first) / lengths.Of(firstLanguage) / (CharacterLengths.Characters(second) / lengths.Of(secondLanguage));
        return Math.Max(ratio, 1 / ratio);
    }

    private static bool AreSame(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (first.SequenceEqual(second))
        {
            return true;
        }

        var ones = new UnitReader(first);
        var others = new UnitReader(second);
        var any = false;
        while (true)
        {
            var (has, hasOther) = (ones.TryNext(out var one, out _), others.TryNext(out var other, out _));
            if (has != hasOther || (has && one != other))
            {
                return false;
            }

            if (!has)
            {
                return any;
            }

            any = true;
        }
    }
}
