using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Testing;
using Parquet;
using Parquet.Schema;

namespace Llamax.Corpora.Tests.Readers.Records;

public sealed class ParquetTextReaderTests
{
    private static readonly string?[] Texts = [" eins ä🙂", null, "drei\nvier"];

    [Fact]
    public async Task A_column_of_texts_is_read_over_all_row_groups()
    {
        using var temporary = new TemporaryFolder();
        var path = await Write(temporary, "a.parquet", 3, new DataField<int>("id"), new DataField<string>("text"));
        Assert.Equal(
            Enumerable.Repeat(new string[][] { ["eins ä🙂"], ["drei\nvier"] }, 3).SelectMany(each => each), Reading.All(Open(path, "text")));
        var message = Assert.Throws<LlamaxException>(() => Reading.All(Open(path, "content"))).Message;
        Assert.Contains("no column content. Its columns: id, text", message, StringComparison.Ordinal);
        Assert.Contains("holds no text", Assert.Throws<LlamaxException>(() => Reading.All(Open(path, "id"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pairs_stand_in_a_group_of_columns()
    {
        using var temporary = new TemporaryFolder();
        var path = await Write(temporary, "a.parquet", 1, new DataField<int>("id"),
            new StructField("translation", new DataField<string>("de"), new DataField<string>("iw"), new DataField<string>("en")));
        var reader = RecordSources.Translations(TextFile.FindOne(path), ["en", "he"], RecordFormat.Auto, null, new());
        Assert.Equal([["eins ä🙂", "eins ä🙂"], ["drei\nvier", "drei\nvier"]], Reading.All(reader));
        Assert.Throws<LlamaxException>(() => Reading.All(RecordSources.Translations(TextFile.FindOne(path), ["en", "sw"], RecordFormat.Auto, null, new())));
    }

    [Fact]
    public async Task A_column_that_numbers_the_rows_is_not_Indonesian()
    {
        using var temporary = new TemporaryFolder();
        var path = await Write(temporary, "a.parquet", 1, new DataField<int>("id"), new DataField<string>("en"), new DataField<string>("ind"));
        Assert.Equal(2, Reading.All(new ParquetTextReader(TextFile.FindOne(path), ["en", "id"])).Count);
    }

    [Fact]
    public async Task A_row_group_that_memory_would_not_hold_is_refused()
    {
        using var temporary = new TemporaryFolder();
        var path = await Write(temporary, "a.parquet", 1, new DataField<string>("text"));
        Assert.NotEmpty(Reading.All(new ParquetTextReader(TextFile.FindOne(path), "de", "text") { MaximumTexts = 1000 }));
        var message = Assert.Throws<LlamaxException>(() => Reading.All(new ParquetTextReader(TextFile.FindOne(path), "de", "text") { MaximumTexts = 10 })).Message;
        Assert.Contains("row group 1 has", message, StringComparison.Ordinal);
        Assert.Contains("fewer rows per group", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_one_message()
    {
        using var temporary = new TemporaryFolder();
        var path = await Write(temporary, "a.parquet", 2, new DataField<string>("text"));
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = i % 3 == 0 ? whole[..random.Next(whole.Length)] : whole.ToArray();
            if (i % 3 != 0)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            await File.WriteAllBytesAsync(path, damaged, TestContext.Current.CancellationToken);
            try
            {
                Reading.All(Open(path, "text"), new BadRecords());
            }
            catch (LlamaxException exception)
            {
                Assert.Contains("a.parquet", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    private static RecordReader Open(string path, string column) => RecordSources.Texts(TextFile.FindOne(path), "de", RecordFormat.Auto, column, new());

    /// <summary>Writes <see cref="Texts"/> into every text column and numbers into every other one.</summary>
    private static async Task<string> Write(TemporaryFolder temporary, string name, int groups, params Field[] fields)
    {
        var schema = new ParquetSchema(fields);
        await using var stream = File.Create(temporary.File(name));
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        for (var i = 0; i < groups; i++)
        {
            using var group = writer.CreateRowGroup();
            foreach (var field in schema.GetDataFields())
            {
                if (field.Name != "id")
                {
                    await group.WriteAsync(field, field.MaxDefinitionLevel > 1 ? [.. Texts.Select(text => text ?? "")] : Texts!);
                }
                else
                {
                    await group.WriteAsync<int>(field, new[] { 1, 2, 3 });
                }
            }
        }

        return temporary.File(name);
    }
}
