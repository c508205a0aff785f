using Llamax.Text.Languages;

namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// Lines with texts in columns, tabs between them: pairs, or a multi-way set as TED's, where <c>__NULL__</c> stands for
/// a translation that is missing.
/// </summary>
public sealed class DelimitedReader : LineRecordReader
{
    private static readonly byte[] Missing = "__NULL__"u8.ToArray();

    private readonly int[] columns;
    private readonly bool hasHeader;

    /// <summary>A reader of a file's columns.</summary>
    /// <param name="file">The file.</param>
    /// <param name="languages">The language of each column that is read.</param>
    /// <param name="columns">Where they are, from 0.</param>
    /// <param name="hasHeader">Whether the first line names the columns.</param>
    /// <param name="options">How to read.</param>
    public DelimitedReader(TextFile file, IReadOnlyList<string> languages, IReadOnlyList<int> columns, bool hasHeader, ReadingOptions options)
        : base([file], languages, options)
    {
        this.columns = [.. columns];
        this.hasHeader = hasHeader;
    }

    /// <summary>A reader that looks for a header line which names the languages.</summary>
    /// <param name="file">The file.</param>
    /// <param name="languages">The languages wanted.</param>
    /// <param name="columns">Where they are, from 0; null to go by the header, or without one by their order.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="LlamaxException">There is a header, but without one of the languages.</exception>
    public static DelimitedReader Open(TextFile file, IReadOnlyList<string> languages, IReadOnlyList<int>? columns, ReadingOptions options)
    {
        var cells = FirstLine(file);
        int[] named = [.. languages.Select(language => Array.FindIndex(cells, cell => LanguageNames.Means(cell.Trim(), language)))];
        var isNamed = IsHeader(cells, languages);
        if (columns is null && isNamed && named.Contains(-1))
        {
            throw new LlamaxException(
                $"{file.Name}, line 1 names columns, but none for {languages[Array.IndexOf(named, -1)]}: {string.Join(", ", cells)}.");
        }

        return new DelimitedReader(file, languages, columns ?? (isNamed ? named : [.. Enumerable.Range(0, languages.Count)]), isNamed, options);
    }

    /// <summary>Those of the languages that the header line names; without one, all.</summary>
    internal static IReadOnlyList<string> LanguagesOf(TextFile file, IReadOnlyList<string> languages)
    {
        var cells = FirstLine(file);
        if (!IsHeader(cells, languages))
        {
            return languages;
        }

        string[] named = [.. languages.Where(language => cells.Any(cell => LanguageNames.Means(cell.Trim(), language)))];
        return named.Length >= 2 ? named : throw new LlamaxException(
            $"{file.Name}, line 1 names columns, but fewer than two of the languages {string.Join(", ", languages)}: {string.Join(", ", cells)}.");
    }

    private static string[] FirstLine(TextFile file)
    {
        using var scanner = new LineScanner(file);
        return scanner.TryRead(out var line) ? System.Text.Encoding.UTF8.GetString(line).Split('\t') : [];
    }

    private static bool IsHeader(string[] cells, IReadOnlyList<string> languages) =>
        cells.Count(cell => LanguageRegistry.Default.Find(cell) is not null || languages.Contains(cell)) >= 2;

    /// <inheritdoc/>
    protected override int HeaderLines => hasHeader ? 1 : 0;

    /// <inheritdoc/>
    protected override void DecodeOne(RecordBatch raw, int index, RecordBatch records, BadRecords bad)
    {
        if (!TryMend(raw, index, 0, bad, out var line))
        {
            return;
        }

        Span<Range> cells = stackalloc Range[256];
        var found = columns.Max() < cells.Length - 1 ? Split(line, cells) : Split(line, cells = new Range[columns.Max() + 2]);
        var texts = 0;
        foreach (var column in columns)
        {
            if (column >= found)
            {
                records.Abandon();
                if (!line.IsEmpty)
                {
                    Report(bad, raw.Number(index), "too few columns", $"column {column + 1} is wanted, {found} are there");
                }

                return;
            }

            var cell = line[cells[column]];
            records.Append(cell.SequenceEqual(Missing) ? [] : cell);
            texts += EndTrimmed(records) ? 1 : 0;
        }

        if (texts >= Math.Min(2, columns.Length))
        {
            records.EndRecord(raw.Number(index));
        }
        else
        {
            records.Abandon();
        }
    }

    /// <summary>Where the cells are, as many as there is room for.</summary>
    private static int Split(ReadOnlySpan<byte> line, Span<Range> cells)
    {
        var (count, start) = (0, 0);
        while (count < cells.Length)
        {
            var tab = line[start..].IndexOf((byte)'\t');
            var end = tab < 0 ? line.Length : start + tab;
            cells[count++] = start..end;
            if (tab < 0)
            {
                break;
            }

            start = end + 1;
        }

        return count;
    }
}
