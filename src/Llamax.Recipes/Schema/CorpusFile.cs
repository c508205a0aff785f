using System.ComponentModel.DataAnnotations;
using Llamax.Corpora.Readers.Records;
using Llamax.Recipes.Yaml;

namespace Llamax.Recipes.Schema;

/// <summary>Files of a corpus: a path alone, or a group of keys where more is to be said.</summary>
[ShortForm(nameof(Path))]
public sealed record CorpusFile
{
    /// <summary>Where the files are; see <see cref="DataSection"/>.</summary>
    [Required]
    public string Path { get; init; } = "";

    /// <summary>How their records are written; told by the extension where left out.</summary>
    public RecordFormat Format { get; init; }

    /// <summary>The field (JSON) or column (Parquet) that holds the text.</summary>
    public string Field { get; init; } = "text";

    /// <summary>For tables, where the languages' columns are, from 0; by the header line, or in order, where left out.</summary>
    public IReadOnlyList<int> Columns { get; init; } = [];

    /// <summary>What the records depend on beside the files' contents.</summary>
    internal string Reading => $"{Format} {Field} {string.Join(',', Columns)}";
}
