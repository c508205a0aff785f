using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Llamax.Corpora.Packed;

namespace Llamax.Corpora.Shards;

/// <summary>The entries of one shard in memory, column by column, and their Arrow form: one record batch per file.</summary>
/// <param name="packed">Whether rows hold several entries each, and columns say where each begins.</param>
internal sealed class ShardBuffer(bool packed = false)
{
    private static readonly DictionaryType Encoded = new(Int32Type.Default, StringType.Default, ordered: false);

    private static readonly Schema Columns = new(
        [
            Numbers("input_ids"),
            new Field("loss_from", Int32Type.Default, nullable: false),
            new Field("kind", Encoded, nullable: false),
            new Field("direction", Encoded, nullable: false),
        ],
        metadata: null);

    private static readonly Schema PackedColumns = new(
        [.. Columns.FieldsList, Numbers("entry_starts"), Numbers("entry_loss_from")], metadata: null);

    private readonly List<int> ids = [];
    private readonly List<int> offsets = [0];
    private readonly List<int> lossFrom = [];
    private readonly StringColumn kinds = new();
    private readonly StringColumn directions = new();
    private readonly List<int> entryOffsets = [0];
    private readonly List<int> entryStarts = [];
    private readonly List<int> entryLossFrom = [];

    /// <summary>The bytes of the schema message, the same in every shard.</summary>
    public static ReadOnlyMemory<byte> SchemaMessage { get; } = WriteSchema(Columns);

    /// <summary>The same of shards with packed rows.</summary>
    public static ReadOnlyMemory<byte> PackedSchemaMessage { get; } = WriteSchema(PackedColumns);

    public int Rows => lossFrom.Count;

    public long Tokens => ids.Count;

    public void Add(ReadOnlySpan<int> entry, int from, string kind, string direction)
    {
        ids.AddRange(entry);
        offsets.Add(ids.Count);
        lossFrom.Add(from);
        kinds.Add(kind);
        directions.Add(direction);
    }

    /// <summary>Appends a row of a packed shard; its <c>loss_from</c> is that of its first entry.</summary>
    public void Add(PackedRow row)
    {
        ids.AddRange(row.InputIds);
        offsets.Add(ids.Count);
        lossFrom.Add(row.LossFrom[0]);
        kinds.Add(row.Kind);
        directions.Add(row.Direction);
        entryStarts.AddRange(row.Starts);
        entryLossFrom.AddRange(row.LossFrom);
        entryOffsets.Add(entryStarts.Count);
    }

    public void Clear()
    {
        entryOffsets.Clear();
        entryOffsets.Add(0);
        entryStarts.Clear();
        entryLossFrom.Clear();
        ids.Clear();
        offsets.Clear();
        offsets.Add(0);
        lossFrom.Clear();
        kinds.Clear();
        directions.Clear();
    }

    public void WriteTo(Stream stream)
    {
        var columns = packed ? PackedColumns : Columns;
        List<IArrowArray> arrays = [List(offsets, ids), Int32(lossFrom), kinds.ToArray(Encoded), directions.ToArray(Encoded)];
        if (packed)
        {
            arrays.AddRange([List(entryOffsets, entryStarts), List(entryOffsets, entryLossFrom)]);
        }

        using var batch = new RecordBatch(columns, arrays, Rows);
        using var writer = new ArrowFileWriter(stream, columns, leaveOpen: true);
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
    }

    private static Field Numbers(string name) =>
        new(name, new ListType(new Field("item", Int32Type.Default, nullable: false)), nullable: false);

    private static byte[] WriteSchema(Schema columns)
    {
        using var stream = new MemoryStream();
        using var writer = new ArrowStreamWriter(stream, columns, leaveOpen: true);
        writer.WriteStart();
        return stream.ToArray();
    }

    private static ListArray List(List<int> offsets, List<int> values) =>
        new(Columns.GetFieldByName("input_ids").DataType, offsets.Count - 1, Copy(offsets), Int32(values), ArrowBuffer.Empty, nullCount: 0);

    private static Int32Array Int32(List<int> values) => new(Copy(values), ArrowBuffer.Empty, values.Count, nullCount: 0, offset: 0);

    private static ArrowBuffer Copy(List<int> values) => new(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)).ToArray());

    /// <summary>Strings of which few are different: indices into a dictionary in order of first appearance.</summary>
    private sealed class StringColumn
    {
        private readonly List<int> indices = [];
        private readonly List<string> values = [];
        private readonly Dictionary<string, int> index = [];

        public void Add(string value)
        {
            if (!index.TryGetValue(value, out var at))
            {
                index.Add(value, at = values.Count);
                values.Add(value);
            }

            indices.Add(at);
        }

        public void Clear()
        {
            indices.Clear();
            values.Clear();
            index.Clear();
        }

        public DictionaryArray ToArray(DictionaryType type) =>
            new(type, Int32(indices), new StringArray.Builder().AppendRange(values).Build());
    }
}
