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
    private readonly DictionaryArray kinds;
    private readonly DictionaryArray directions;

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
            kinds = Column<DictionaryArray>(batch, "kind");
            directions = Column<DictionaryArray>(batch, "direction");
            Tokens = CheckOffsets(values.Length);
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
    public string Kind(int row) => Text(kinds, row);

    /// <summary>The entry's direction.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public string Direction(int row) => Text(directions, row);

    /// <summary>Per entry, which kind it has: equal numbers are equal kinds within this shard.</summary>
    internal ReadOnlySpan<int> KindNumbers => Numbers(kinds);

    /// <summary>Per entry, which direction it has: equal numbers are equal directions within this shard.</summary>
    internal ReadOnlySpan<int> DirectionNumbers => Numbers(directions);

    /// <summary>A copy of an entry.</summary>
    /// <param name="row">From 0 to <see cref="Rows"/>, exclusive.</param>
    public TrainingExample Read(int row) => new(InputIds(row).ToArray(), LossFrom(row), Kind(row), Direction(row));

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
        if (ShardBuffer.SchemaMessage.Length == 0 || !memory.Span[Magic.Length..].StartsWith(ShardBuffer.SchemaMessage.Span))
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
        if (starts.Length < Rows + 1 || Cast(lossFrom).Length < Rows || KindNumbers.Length < Rows || DirectionNumbers.Length < Rows
            || Cast(ids).Length < count || starts[0] < 0 || starts[Rows] > count)
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

    private static ReadOnlySpan<int> Numbers(DictionaryArray column) => Cast(((Int32Array)column.Indices).ValueBuffer);

    private static string Text(DictionaryArray column, int row)
    {
        var (number, names) = (Numbers(column)[row], (StringArray)column.Dictionary);
        return (uint)number < names.Length
            ? names.GetString(number)
            : throw new LlamaxException("A shard's kinds or directions are damaged. Check the folder with `llamax data verify`.");
    }
}
