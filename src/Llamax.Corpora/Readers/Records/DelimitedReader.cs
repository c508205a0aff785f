using System.Text;
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
    private readonly bool[] mayNameRows;

    /// <summary>A reader of a file's columns.</summary>
    /// <param name="file">The file.</param>
    /// <param name="languages">The language of each column that is read.</param>
    /// <param name="columns">Where they are, from 0.</param>
    /// <param name="hasHeader">Whether the first line names the columns.</param>
    /// <param name="options">How to read.</param>
    public DelimitedReader(TextFile file, IReadOnlyList<string> languages, IReadOnlyList<int> columns, bool hasHeader, ReadingOptions options)
        : this(file, languages, columns, hasHeader, new bool[columns.Count], options)
    {
    }

    private DelimitedReader(
        TextFile file, IReadOnlyList<string> languages, IReadOnlyList<int> columns, bool hasHeader, bool[] mayNameRows, ReadingOptions options)
        : base([file], languages, options)
    {
        this.columns = [.. columns];
        this.hasHeader = hasHeader;
        this.mayNameRows = mayNameRows;
    }

    /// <summary>Columns that are not read although their names may mean a language that is: another column has its own code.</summary>
    public IReadOnlyList<string> LeftAlone { get; private init; } = [];

    /// <summary>A reader that looks for a header line which names the languages.</summary>
    /// <param name="file">The file.</param>
    /// <param name="languages">The languages wanted.</param>
    /// <param name="columns">Where they are, from 0; null to go by the header, or without one by their order.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="LlamaxException">There is a header, but without one of the languages, or with two columns that may be one.</exception>
    public static DelimitedReader Open(TextFile file, IReadOnlyList<string> languages, IReadOnlyList<int>? columns, ReadingOptions options)
    {
        var cells = FirstLine(file);
        var isNamed = columns is null ? IsHeader(cells, languages)
            : columns.Count == languages.Count && columns.Zip(languages).All(each => each.First < cells.Length && LanguageNames.Means(cells[each.First], each.Second));
        if (columns is not null || !isNamed)
        {
            return new DelimitedReader(file, languages, columns ?? [.. Enumerable.Range(0, languages.Count)], isNamed, options);
        }

        int[] named = [.. languages.Select(language => Column(file, cells, language))];
        bool[] inDoubt = [.. named.Select(column => LanguageNames.MayNameRows(Encoding.UTF8.GetBytes(cells[column])))];
        return new DelimitedReader(file, languages, named, isNamed, inDoubt, options)
        {
            LeftAlone = [.. cells.Where((cell, column) => !named.Contains(column) && languages.Any(language => LanguageNames.Means(cell, language)))],
        };
    }

    /// <summary>Those of the languages that the header line names; without one, all.</summary>
    internal static IReadOnlyList<string> LanguagesOf(TextFile file, IReadOnlyList<string> languages)
    {
        var cells = FirstLine(file);
        if (!IsHeader(cells, languages))
        {
            return languages;
        }

        string[] named = [.. languages.Where(language => cells.Any(cell => LanguageNames.Means(cell, language)))];
        return named.Length >= 2 ? named : throw new LlamaxException(
            $"{file.Name}, line 1 names columns, but fewer than two of the languages {string.Join(", ", languages)}: {string.Join(", ", cells)}.");
    }

    /// <summary>The column that a language's own code names, or else the one that another name of the language does.</summary>
    private static int Column(TextFile file, string[] cells, string language)
    {
        var own = Array.IndexOf(cells, language);
        int[] named = own >= 0 ? [own] : [.. Enumerable.Range(0, cells.Length).Where(column => LanguageNames.Means(cells[column], language))];
        return named switch
        {
            [var one] => one,
            [] => throw new LlamaxException($"{file.Name}, line 1 names columns, but none for {language}: {string.Join(", ", cells)}."),
            _ => throw new LlamaxException(
                $"{file.Name}, line 1: the columns {string.Join(" and ", named.Select(column => cells[column]))} may each be {language}. "
                + $"Call the one that is wanted {language}, or say with `columns:` which of them are read."),
        };
    }

    private static string[] FirstLine(TextFile file)
    {
        using var scanner = new LineScanner(file);
        return scanner.TryRead(out var line) ? [.. Encoding.UTF8.GetString(line).Split('\t').Select(cell => cell.Trim())] : [];
    }

    private static bool IsHeader(string[] cells, IReadOnlyList<string> languages) =>
        cells.Distinct(StringComparer.OrdinalIgnoreCase).Count(cell => LanguageRegistry.Default.Find(cell) is not null || languages.Any(language => LanguageNames.Means(cell, language))) >= 2;

    /// <inheritdoc/>
    protected override int HeaderLines => hasHeader ? 1 : 0;

    /// <inheritdoc/>
    internal override RecordReader Of(TextFile part) => new DelimitedReader(part, Languages, columns, hasHeader && part.IsBeginning, mayNameRows, Options);

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
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
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
            if (mayNameRows[i] && LanguageNames.NamesRow(cell.Trim(" \r"u8)))
            {
                cell = [];
                if (columns.Length == 2)
                {
                    Report(bad, raw.Number(index), $"the column {Languages[i]} names the row");
                }
            }

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
