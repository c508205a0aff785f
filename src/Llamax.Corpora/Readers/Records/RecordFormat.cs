namespace Llamax.Corpora.Readers.Records;

/// <summary>How the records of a file are written.</summary>
public enum RecordFormat
{
    /// <summary>Told by the file's extension.</summary>
    Auto,

    /// <summary>One text a line; of pairs, one file per language.</summary>
    Text,

    /// <summary>One JSON object a line, or in a <c>.json</c> file one array of them.</summary>
    Json,

    /// <summary>One JSON object a line whose text has its line ends escaped once more, as in MADLAD-400.</summary>
    Madlad,

    /// <summary>Parquet.</summary>
    Parquet,

    /// <summary>Columns with tabs between them.</summary>
    Tsv,

    /// <summary>A translation memory, TMX 1.4.</summary>
    Tmx,
}
