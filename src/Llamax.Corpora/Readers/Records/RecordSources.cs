namespace Llamax.Corpora.Readers.Records;

/// <summary>Opens files by their format, which their extension tells where nobody else does.</summary>
public static class RecordSources
{
    /// <summary>A reader of texts in one language.</summary>
    /// <param name="file">Plain text, JSON, Parquet.</param>
    /// <param name="language">The texts' language.</param>
    /// <param name="format">The format.</param>
    /// <param name="field">The field or column that holds the text.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="LlamaxException">The format is not one of texts.</exception>
    public static RecordReader Texts(TextFile file, string language, RecordFormat format, string field, ReadingOptions options) => Resolve(file, format) switch
    {
        RecordFormat.Text => new AlignedTextReader([file], [language], options),
        RecordFormat.Json => new JsonTextReader(file, language, field, escapedLineEnds: false, options),
        RecordFormat.Madlad => new JsonTextReader(file, language, field, escapedLineEnds: true, options),
        RecordFormat.Parquet => new ParquetTextReader(file, language, field),
        var other => throw new LlamaxException(
            $"{file.Name}: {Name(other)} holds translations, where texts in one language are wanted. Expected text, json, madlad or parquet; "
            + "translations belong under data.parallel."),
    };

    /// <summary>A reader of translations that are in one file.</summary>
    /// <param name="file">TSV, TMX, JSON or Parquet.</param>
    /// <param name="languages">The languages, two or more.</param>
    /// <param name="format">The format.</param>
    /// <param name="columns">For TSV, where the languages' columns are, from 0; null for the first ones, or those that a header line names after the languages.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="LlamaxException">The format is not one of translations in one file, or a column is missing.</exception>
    public static RecordReader Translations(
        TextFile file, IReadOnlyList<string> languages, RecordFormat format, IReadOnlyList<int>? columns, ReadingOptions options) => Resolve(file, format) switch
        {
            RecordFormat.Tsv => DelimitedReader.Open(file, languages, columns, options),
            RecordFormat.Tmx => new TmxReader(file, languages),
            RecordFormat.Json => new JsonPairReader(file, languages, options),
            RecordFormat.Parquet => new ParquetTextReader(file, languages),
            var other => throw new LlamaxException(
                $"{file.Name}: {Name(other)} holds texts in one language, where translations are wanted. Expected tsv, tmx, json or parquet; or "
                + $"one text file per language, with {LanguageFiles.Language} in the path for the language's code."),
        };

    /// <summary>The languages that a file of many has: of a table with a header line those that it names, otherwise all.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">Its format.</param>
    /// <param name="languages">The languages wanted.</param>
    /// <exception cref="LlamaxException">The header names fewer than two of them.</exception>
    public static IReadOnlyList<string> LanguagesOf(TextFile file, RecordFormat format, IReadOnlyList<string> languages) =>
        Resolve(file, format) == RecordFormat.Tsv ? DelimitedReader.LanguagesOf(file, languages) : languages;

    /// <summary>The format of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">What the user says.</param>
    public static RecordFormat Resolve(TextFile file, RecordFormat format) =>
        format != RecordFormat.Auto ? format
        : file.HasExtension(".jsonl") || file.HasExtension(".ndjson") || file.HasExtension(".json") ? RecordFormat.Json
        : file.HasExtension(".parquet") ? RecordFormat.Parquet
        : file.HasExtension(".tsv") ? RecordFormat.Tsv
        : file.HasExtension(".tmx") ? RecordFormat.Tmx
        : RecordFormat.Text;

    private static string Name(RecordFormat format) => format.ToString().ToLowerInvariant();
}
