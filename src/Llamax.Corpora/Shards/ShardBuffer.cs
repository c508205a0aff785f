using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Llamax.Corpora.Shards;

/// <summary>The entries of one shard in memory, column by column, and their Arrow form: one record batch per file.</summary>
internal sealed class ShardBuffer
{
    private static readonly DictionaryType Encoded = new(Int32Type.Default, StringType.Default, ordered: false);

    private static readonly Schema Columns = new(
        [
            new Field("input_ids", new ListType(new Field("item", Int32Type.Default, nullable: false)), nullable: false),
            new Field("loss_from", Int32Type.Default, nullable: false),
            new Field("kind", Encoded, nullable: false),
            new Field("direction", Encoded, nullable: false),
        ],
        metadata: null);

    private readonly List<int> ids = [];
    private readonly List<int> offsets = [0];
    private readonly List<int> lossFrom = [];
    private readonly StringColumn kinds = new();
    private readonly StringColumn directions = new();

    /// <summary>The bytes of the schema message, the same in every shard.</summary>
    public static ReadOnlyMemory<byte> SchemaMessage { get; } = WriteSchema();

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

    public void Clear()
    {
        ids.Clear();
        offsets.Clear();
        offsets.Add(0);
        lossFrom.Clear();
        kinds.Clear();
        directions.Clear();
    }

    public void WriteTo(Stream stream)
    {
        var list = new ListArray(
            Columns.GetFieldByName("input_ids").DataType, Rows, Copy(offsets), Int32(ids), ArrowBuffer.Empty, nullCount: 0);
        using var batch = new RecordBatch(
            Columns, [list, Int32(lossFrom), kinds.ToArray(Encoded), directions.ToArray(Encoded)], Rows);
        using var writer = new ArrowFileWriter(stream, Columns, leaveOpen: true);
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
    }

    private static byte[] WriteSchema()
    {
        using var stream = new MemoryStream();
        using var writer = new ArrowStreamWriter(stream, Columns, leaveOpen: true);
        writer.WriteStart();
        return stream.ToArray();
    }

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
