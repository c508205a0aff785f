using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CsCheck;
using Llamax.Corpora.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Shards;

public sealed class ShardWriterTests
{
    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Gen.Int[2, 40].Array[1, 60], Gen.Int[40, 300], Gen.Int[1, 30]).Sample(
        (lengths, tokens, rows) =>
        {
            using var temporary = new TemporaryFolder();
            var folder = temporary.File("data");
            var examples = ShardSamples.Examples(lengths).ToList();
            var manifest = ShardSamples.Write(folder, examples, new ShardOptions { Tokens = tokens, Rows = rows });
            ShardSamples.AssertSame(examples, ShardSamples.Read(folder));
            Assert.Equal(lengths.Length, manifest.Rows);
            Assert.Equal(lengths.Sum(), manifest.Tokens);
            Assert.All(manifest.Shards, shard => Assert.True(shard.Rows <= rows && shard.Tokens <= tokens));
            Assert.Equal(lengths.Sum(), manifest.Groups.Sum(group => group.Tokens));
        }, iter: 15);

    [Fact]
    public void Arrows_own_file_reader_finds_the_stated_columns_through_the_footer()
    {
        using var temporary = new TemporaryFolder();
        var examples = ShardSamples.Examples(5, 2, 9).ToList();
        ShardSamples.Write(temporary.File("data"), examples);
        using var stream = File.OpenRead(temporary.File("data/shard-00000.arrow"));
        using var reader = new ArrowFileReader(stream);
        using var batch = reader.ReadNextRecordBatch();
        Assert.Equal(["input_ids", "loss_from", "kind", "direction"], batch.Schema.FieldsList.Select(field => field.Name));
        Assert.Equal(ArrowTypeId.Int32, Assert.IsType<ListType>(batch.Schema.GetFieldByName("input_ids").DataType).ValueDataType.TypeId);
        Assert.Equal(ArrowTypeId.Int32, batch.Schema.GetFieldByName("loss_from").DataType.TypeId);
        foreach (var name in new[] { "kind", "direction" })
        {
            var type = Assert.IsType<DictionaryType>(batch.Schema.GetFieldByName(name).DataType);
            Assert.Equal((ArrowTypeId.Int32, ArrowTypeId.String), (type.IndexType.TypeId, type.ValueType.TypeId));
        }

        for (var row = 0; row < examples.Count; row++)
        {
            var ids = (Int32Array)((ListArray)batch.Column("input_ids")).GetSlicedValues(row);
            Assert.Equal(examples[row].InputIds, ids.Values.ToArray());
            Assert.Equal(examples[row].Kind, Text(batch, "kind", row));
            Assert.Equal(examples[row].Direction, Text(batch, "direction", row));
        }
    }

    /// <summary>
    /// Apache's C++ reader (pyarrow) goes through the footer: it needs each dictionary and record batch listed there, on
    /// multiples of eight, as an encapsulated message. The footer is read here by hand from the flatbuffer.
    /// </summary>
    [Fact]
    public void The_footer_lists_two_dictionaries_and_one_batch_where_their_messages_are()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(5, 2, 9, 4));
        var bytes = File.ReadAllBytes(temporary.File("data/shard-00000.arrow"));
        Assert.Equal("ARROW1\0\0"u8.ToArray(), bytes[..8]);
        Assert.Equal("ARROW1"u8.ToArray(), bytes[^6..]);
        var footer = bytes.Length - 10 - BitConverter.ToInt32(bytes, bytes.Length - 10);
        var root = footer + BitConverter.ToInt32(bytes, footer);
        var dictionaries = Blocks(bytes, root, 2);
        var batches = Blocks(bytes, root, 3);
        Assert.Equal(4, BitConverter.ToInt16(bytes, Field(bytes, root, 0))); // Metadata version 5 is stored as 4.
        Assert.Equal(2, dictionaries.Count);
        Assert.Single(batches);
        var expected = dictionaries[0].Offset;
        foreach (var (offset, metadata, body) in dictionaries.Concat(batches))
        {
            Assert.Equal(expected, offset);
            Assert.Equal(0, (offset | metadata | body) & 7);
            Assert.Equal(-1, BitConverter.ToInt32(bytes, (int)offset));
            Assert.Equal(metadata - 8, BitConverter.ToInt32(bytes, (int)offset + 4));
            expected = offset + metadata + body;
        }

        Assert.Equal([-1, 0], new[] { BitConverter.ToInt32(bytes, (int)expected), BitConverter.ToInt32(bytes, (int)expected + 4) });
        Assert.Equal(footer, expected + 8);
    }

    [Fact]
    public void An_unfinished_set_leaves_the_old_one_in_place()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.File("data");
        var first = ShardSamples.Examples(3, 4).ToList();
        ShardSamples.Write(folder, first);
        using (var writer = new ShardWriter(folder, new ShardOptions { Rows = 1 }))
        {
            writer.Add(new TrainingExample([1, 2, 3], 0, ExampleKinds.Monolingual, "en"));
        }

        ShardSamples.AssertSame(first, ShardSamples.Read(folder));
        Assert.Equal([folder], Directory.GetFileSystemEntries(temporary.Path));
    }

    [Fact]
    public void A_finished_set_replaces_the_old_one_and_what_a_killed_process_left()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.File("data");
        ShardSamples.Write(folder, ShardSamples.Examples(3, 4), new ShardOptions { Rows = 1 });
        Directory.CreateDirectory(folder + ".partial");
        File.WriteAllText(folder + ".partial/shard-00000.arrow", "half");
        var second = ShardSamples.Examples(6).ToList();
        ShardSamples.Write(folder, second);
        ShardSamples.AssertSame(second, ShardSamples.Read(folder));
        Assert.Equal(2, Directory.GetFiles(folder).Length);
        Assert.Equal([folder], Directory.GetFileSystemEntries(temporary.Path));
    }

    [Fact]
    public void A_folder_with_something_else_in_it_is_refused()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("thesis.txt"), "dear");
        var error = Assert.Throws<LlamaxException>(() => new ShardWriter(temporary.Path, new ShardOptions()));
        Assert.Contains("no training set", error.Message, StringComparison.Ordinal);
        Assert.Equal("dear", File.ReadAllText(temporary.File("thesis.txt")));
    }

    [Fact]
    public void Entries_without_a_target_and_empty_sets_are_refused()
    {
        using var temporary = new TemporaryFolder();
        using var writer = new ShardWriter(temporary.File("data"), new ShardOptions());
        Assert.Throws<ArgumentException>(() => writer.Add(new TrainingExample([1], 0, ExampleKinds.Monolingual, "en")));
        Assert.Throws<ArgumentException>(() => writer.Add(new TrainingExample([1, 2], 2, ExampleKinds.Parallel, "en-fr")));
        Assert.Contains("empty. Name corpora that hold text in the recipe's `data`", Assert.Throws<LlamaxException>(writer.Complete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_entries_make_the_same_bytes()
    {
        using var temporary = new TemporaryFolder();
        var options = new ShardOptions { Rows = 7 };
        ShardSamples.Write(temporary.File("a"), ShardSamples.Examples(Enumerable.Range(2, 50)), options);
        ShardSamples.Write(temporary.File("b"), ShardSamples.Examples(Enumerable.Range(2, 50)), options);
        foreach (var file in Directory.GetFiles(temporary.File("a")))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(temporary.File("b"), Path.GetFileName(file))));
        }
    }

    private static string Text(RecordBatch batch, string column, int row)
    {
        var array = (DictionaryArray)batch.Column(column);
        return ((StringArray)array.Dictionary).GetString(((Int32Array)array.Indices).GetValue(row)!.Value);
    }

    private static int Field(byte[] bytes, int table, int field)
    {
        var vtable = table - BitConverter.ToInt32(bytes, table);
        Assert.True(4 + (2 * field) < BitConverter.ToUInt16(bytes, vtable));
        return table + BitConverter.ToUInt16(bytes, vtable + 4 + (2 * field));
    }

    private static List<(long Offset, long Metadata, long Body)> Blocks(byte[] bytes, int table, int field)
    {
        var at = Field(bytes, table, field);
        var vector = at + BitConverter.ToInt32(bytes, at);
        return [.. Enumerable.Range(0, BitConverter.ToInt32(bytes, vector)).Select(i => vector + 4 + (24 * i)).Select(block =>
            (BitConverter.ToInt64(bytes, block), (long)BitConverter.ToInt32(bytes, block + 8), BitConverter.ToInt64(bytes, block + 16)))];
    }
}
