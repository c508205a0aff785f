using System.Text;

namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// JSON objects with a text per language, as Hugging Face has it: <c>{"translation": {"en": …, "fr": …}}</c>,
/// or the inner object by itself. A language's field may have any of its codes (<c>iw</c>, <c>fra_Latn</c>).
/// </summary>
public sealed class JsonPairReader : JsonRecordReader
{
    private readonly byte[][][] keys;

    /// <summary>A reader of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="languages">The languages wanted, two or more.</param>
    /// <param name="options">How to read.</param>
    public JsonPairReader(TextFile file, IReadOnlyList<string> languages, ReadingOptions options)
        : base(file, languages, options) =>
        keys = [.. languages.Select(language => LanguageNames.Of(language).Select(Encoding.UTF8.GetBytes).ToArray())];

    /// <inheritdoc/>
    internal override RecordReader OfLines(TextFile part) => new JsonPairReader(part, Languages, Options);

    /// <inheritdoc/>
    protected override void DecodeObject(ReadOnlySpan<byte> json, long number, RecordBatch records, BadRecords bad)
    {
        var (texts, problem, detail) = (0, default(string), "");
        for (var language = 0; language < keys.Length && problem is null; language++)
        {
            problem = JsonFields.Copy(json, keys[language], "translation"u8, records, out detail);
            problem = problem == JsonFields.IsMissing && keys.Length > 2 ? null : problem; // A multi-way line need not have all.
            texts += EndTrimmed(records) ? 1 : 0;
        }

        if (problem is null && texts >= 2)
        {
            records.EndRecord(number);
            return;
        }

        records.Abandon();
        if (problem == JsonFields.IsMissing)
        {
            bad.AddAbsent($"{Name}, {Unit} {number}", number, $"no text in {string.Join(" and ", Languages)}");
        }
        else if (problem is not null)
        {
            Report(bad, number, problem, detail);
        }
    }
}
