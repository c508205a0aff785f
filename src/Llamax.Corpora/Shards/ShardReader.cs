using System.Buffers;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Llamax.Corpora.Shards;

/// <summary>
/// One shard, mapped into memory; entries are read where they lie. Thread-safe until disposed.
/// </summary>
public sealed class ShardReader : IDisposable
{
    private static readonly byte[] Magic = "ARROW1\0\0"u8.ToArray();

    private readonly IMemoryOwner<byte> file;
    private readonly ArrowBuffer ids;
    private readonly ArrowBuffer offsets;
    private readonly ArrowBuffer lossFrom;
    private readonly NameColumn kinds;
    private readonly NameColumn directions;
    private readonly PackedEntries? entries;

    /// <summary>Maps a shard and checks its layout: columns, types, offsets.</summary>
    /// <param name="path">A file that <see cref="ShardWriter"/> wrote.</param>
    /// <exception cref="LlamaxException">It is missing, or no such shard.</exception>
    public ShardReader(string path)
    {
        if (!File.Exists(path))
        {
            throw new LlamaxException($"{path}: no such file, though the manifest beside it names it. Build the training set again.");
        }

        file = new MappedFile(path);
        try
        {
            var batch = ReadBatch(file.Memory);
            var list = Column<ListArray>(batch, "input_ids");
            var values = list.Values as Int32Array ?? throw new InvalidDataException("input_ids is not list<int32>");
            Rows = batch.Length;
            ids = values.ValueBuffer;
            offsets = list.ValueOffsetsBuffer;
            lossFrom = Column<Int32Array>(batch, "loss_from").ValueBuffer;
            kinds = new NameColumn(Column<DictionaryArray>(batch, "kind"), Rows);
            directions = new NameColumn(Column<DictionaryArray>(batch, "direction"), Rows);
            Tokens = CheckOffsets(values.Length);
            entries = batch.ColumnCount == 4 ? null : new PackedEntries(Column<ListArray>(batch, "entry_starts"), Column<ListArray>(batch, "entry_loss_from"), Length);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            file.Dispose();
            throw new LlamaxException(
                $"{path} is no shard of a training set, or damaged: {exception.Message} Check the folder with `llamax data verify`.", exception);
        }
    }

    /// <summary>Number of entries.</summary>
    public int Rows { get; }

    /// <summary>Whether rows hold several entries each.</summary>
    public bool IsPacked => entries is not null;

    /// <summary>Number of ids in all entries.</summary>
    public int Tokens { get; }

    /// <summary>The ids of an entry, in the mapped file: not to be used after this object is disposed.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public ReadOnlySpan<int> InputIds(int row)
    {
        var starts = Cast(offsets)[..(Rows + 1)];
        return Cast(ids)[starts[row]..starts[row + 1]];
    }

    /// <summary>Number of ids of an entry.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public int Length(int row)
    {
        var starts = Cast(offsets)[..(Rows + 1)];
        return starts[row + 1] - starts[row];
    }

    /// <summary>Index of the first id of an entry that is a target of the loss.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public int LossFrom(int row) => Cast(lossFrom)[..Rows][row];

    /// <summary>The entry's kind.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public string Kind(int row) => kinds[row];

    /// <summary>The entry's direction.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public string Direction(int row) => directions[row];

    /// <summary>Per entry, which kind it has: equal numbers are equal kinds within this shard.</summary>
    internal ReadOnlySpan<int> KindNumbers => kinds.Numbers;

    /// <summary>Per entry, which direction it has: equal numbers are equal directions within this shard.</summary>
    internal ReadOnlySpan<int> DirectionNumbers => directions.Numbers;

    private PackedEntries Packed => entries ?? throw new InvalidOperationException("The rows of this shard hold one entry each.");

    /// <summary>A copy of an entry, or of a packed row as if it were one.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public TrainingExample Read(int row) => new(InputIds(row).ToArray(), LossFrom(row), Kind(row), Direction(row));

    /// <summary>Of a packed row, the index of each entry's first id, ascending from 0.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    /// <exception cref="InvalidOperationException">The shard is not packed.</exception>
    public ReadOnlySpan<int> EntryStarts(int row) => Packed.Starts(row);

    /// <summary>Of a packed row, the first target of each entry, counted from the entry's beginning.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    /// <exception cref="InvalidOperationException">The shard is not packed.</exception>
    public ReadOnlySpan<int> EntryLossFrom(int row) => Packed.LossFrom(row);

    /// <summary>Copies of the entries of a row, each by itself; of a row that is not packed, the row.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public IReadOnlyList<TrainingExample> ReadEntries(int row)
    {
        if (!IsPacked)
        {
            return [Read(row)];
        }

        var (ids, starts, from) = (InputIds(row).ToArray(), EntryStarts(row).ToArray(), EntryLossFrom(row).ToArray());
        return
        [
            .. starts.Select((start, i) => new TrainingExample(
                ids[start..(i + 1 < starts.Length ? starts[i + 1] : ids.Length)], from[i], Kind(row), Direction(row))),
        ];
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>
    /// An Arrow file is the stream format between a magic of eight bytes and a footer. Read as a stream, the columns stay
    /// where they are in the mapped memory.
    /// </summary>
    private static RecordBatch ReadBatch(ReadOnlyMemory<byte> memory)
    {
        if (!memory.Span.StartsWith(Magic) || !memory.Span.EndsWith(Magic.AsSpan(0, 6)))
        {
            throw new InvalidDataException("it does not begin and end as an Arrow file.");
        }

        // Arrow reads nested types by recursion: a damaged schema that is its own child would end the process.
        var columns = memory.Span[Magic.Length..];
        if (!columns.StartsWith(ShardBuffer.SchemaMessage.Span) && !columns.StartsWith(ShardBuffer.PackedSchemaMessage.Span))
        {
            throw new InvalidDataException("its columns are not those of a shard.");
        }

        using var reader = new ArrowStreamReader(memory[Magic.Length..]);
        var batch = reader.ReadNextRecordBatch() ?? throw new InvalidDataException("it holds no record batch.");
        return reader.ReadNextRecordBatch() is null
            ? batch
            : throw new InvalidDataException("it holds more than one record batch.");
    }

    private static T Column<T>(RecordBatch batch, string name) => batch.Column(name) is T { } column && batch.Column(name).NullCount == 0
        ? column
        : throw new InvalidDataException($"the column {name} is missing, or of another type, or has nulls.");

    private int CheckOffsets(int count)
    {
        var starts = Cast(offsets);
        if (starts.Length < Rows + 1 || Cast(lossFrom).Length < Rows || Cast(ids).Length < count || starts[0] < 0 || starts[Rows] > count)
        {
            throw new InvalidDataException("a column is shorter than its rows.");
        }

        for (var row = 0; row < Rows; row++)
        {
            if (starts[row + 1] < starts[row])
            {
                throw new InvalidDataException($"the offsets of input_ids run backwards at row {row}.");
            }
        }

        return starts[Rows] - starts[0];
    }

    private static ReadOnlySpan<int> Cast(ArrowBuffer buffer) => MemoryMarshal.Cast<byte, int>(buffer.Span);
}
