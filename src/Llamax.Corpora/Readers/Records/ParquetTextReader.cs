using System.Text;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// Parquet as Hugging Face lays it out: texts in a column (<c>text</c>), or pairs in a group of columns, one per language
/// (<c>translation.en</c>, <c>translation.fr</c>), or in columns named after the languages.
/// </summary>
public sealed class ParquetTextReader : RecordReader
{
    /// <summary>Rows of a group at most, all of which are in memory at once.</summary>
    private const int MaximumGroup = 1 << 24;

    private readonly TextFile file;
    private readonly IReadOnlyList<IReadOnlyList<string>> names;

    /// <summary>A reader of one column of texts.</summary>
    /// <param name="file">The file.</param>
    /// <param name="language">The texts' language.</param>
    /// <param name="column">The column's name; a dot stands between a group's and a column's.</param>
    public ParquetTextReader(TextFile file, string language, string column)
        : this(file, [language], [[column]])
    {
    }

    /// <summary>A reader of one column per language.</summary>
    /// <param name="file">The file.</param>
    /// <param name="languages">The languages, two or more.</param>
    public ParquetTextReader(TextFile file, IReadOnlyList<string> languages)
        : this(file, languages, [.. languages.Select(language =>
            LanguageNames.Of(language).Select(name => $"translation.{name}").Concat(LanguageNames.Of(language)).ToList())])
    {
    }

    private ParquetTextReader(TextFile file, IReadOnlyList<string> languages, IReadOnlyList<IReadOnlyList<string>> names) =>
        (this.file, Languages, this.names) = (file, languages, names);

    /// <inheritdoc/>
    public override string Name => file.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Languages { get; }

    /// <inheritdoc/>
    protected override string Unit => "row";

    /// <summary>Bytes of a group's texts at most; in memory they take two to three times as much.</summary>
    internal long MaximumTexts { get; init; } = 1 << 30;

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> ReadRaw(BadRecords bad, CancellationToken cancellationToken)
    {
        using var stream = file.OpenSeekable();
        var reader = Guarded(() => ParquetReader.CreateAsync(stream, new ParquetOptions { TreatByteArrayAsString = true }, cancellationToken: cancellationToken));
        try
        {
            var columns = Guarded(() => Task.FromResult(reader.Schema.GetDataFields()));
            var fields = names.Select(wanted => Find(columns, wanted)).ToList();
            var row = 0L;
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var texts = ReadGroup(reader, group, fields, cancellationToken);
                for (var i = 0; i < texts.Rows;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var batch = new RecordBatch(fields.Count, BatchBytes);
                    for (; i < texts.Rows && !IsFull(batch); i++)
                    {
                        texts.AppendNext(batch);
                        batch.EndRecord(++row);
                    }

                    yield return batch;
                }
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public override void Decode(RecordBatch raw, RecordBatch records, BadRecords bad) => TrimmedRecords.Copy(raw, records);

    private DataField Find(DataField[] columns, IReadOnlyList<string> wanted)
    {
        foreach (var name in wanted)
        {
            if (Array.Find(columns, column => string.Equals(string.Join('.', column.Path.ToList()), name, StringComparison.Ordinal)) is { } found)
            {
                var isText = found.ClrType == typeof(string) || found.ClrType == typeof(ReadOnlyMemory<char>);
                if (!isText && MayNameRows(found))
                {
                    continue;
                }

                return isText && found.MaxRepetitionLevel == 0
                    ? found
                    : throw new LlamaxException($"{Name}: the column {name} holds no text but {(isText ? "lists of text" : found.ClrType.Name)}.");
            }
        }

        throw new LlamaxException(
            $"{Name} has no column {wanted[0]}. Its columns: {string.Join(", ", columns.Select(column => string.Join('.', column.Path.ToList())))}.");
    }

    private bool MayNameRows(DataField column) => Languages.Count > 1 && column.Path.Length == 1 && LanguageNames.MayNameRows(Encoding.UTF8.GetBytes(column.Name));

    private Group ReadGroup(ParquetReader reader, int number, List<DataField> fields, CancellationToken cancellationToken) => Guarded(async () =>
    {
        using var rows = reader.OpenRowGroupReader(number);
        if (rows.RowCount is < 0 or > MaximumGroup)
        {
            throw new InvalidDataException($"row group {number + 1} says that it has {rows.RowCount} rows; groups of up to {MaximumGroup} are read.");
        }

        var size = fields.Sum(field => rows.GetMetadata(field)?.MetaData?.TotalUncompressedSize ?? 0);
        if (size < 0 || size > MaximumTexts)
        {
            throw new InvalidDataException(
                $"row group {number + 1} has {size >> 20} MiB of text; groups of up to {MaximumTexts >> 20} are read, since each is held in memory whole. "
                + "Write the file anew with fewer rows per group.");
        }

        var group = new Group((int)rows.RowCount);
        try
        {
            foreach (var field in fields)
            {
                group.Add(field, MayNameRows(field), (RawColumnData<ReadOnlyMemory<char>>)await rows.ReadRawColumnDataBaseAsync(field, cancellationToken));
            }
        }
        catch
        {
            group.Dispose();
            throw;
        }

        return group;
    });

    /// <summary>A damaged file makes the library throw almost anything; to the user it is one thing.</summary>
    private T Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new LlamaxException($"{Name} cannot be read as Parquet: {exception.Message}", exception);
        }
    }

    /// <summary>The columns of a row group, read row by row.</summary>
    private sealed class Group(int rows) : IDisposable
    {
        private readonly List<(RawColumnData<ReadOnlyMemory<char>> Data, int MaximumLevel, bool MayNameRows)> columns = [];
        private readonly List<int> values = [];
        private int row;

        public int Rows => rows;

        /// <exception cref="InvalidDataException">The column has another length than it says.</exception>
        public void Add(DataField field, bool mayNameRows, RawColumnData<ReadOnlyMemory<char>> data)
        {
            columns.Add((data, field.MaxDefinitionLevel, mayNameRows));
            values.Add(0);
            var present = field.MaxDefinitionLevel == 0 ? rows : data.DefinitionLevels.Length == rows ? data.DefinitionLevels.Count(field.MaxDefinitionLevel) : -1;
            if (present < 0 || data.Values.Length < present)
            {
                throw new InvalidDataException($"the column {field.Path} does not have a value or a gap for each of its {rows} rows.");
            }
        }

        /// <summary>Appends the next row's texts; a gap is an empty one.</summary>
        public void AppendNext(RecordBatch batch)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                var (data, level, mayNameRows) = columns[i];
                if (level == 0 || data.DefinitionLevels[row] == level)
                {
                    var text = data.Values[values[i]++].Span;
                    batch.Advance(Encoding.UTF8.GetBytes(text, batch.Room(Encoding.UTF8.GetMaxByteCount(text.Length))));
                    if (mayNameRows && LanguageNames.NamesRow(batch.Current))
                    {
                        batch.Shorten(0);
                    }
                }

                batch.EndField();
            }

            row++;
        }

        public void Dispose() => columns.ForEach(column => column.Data.Dispose());
    }
}
