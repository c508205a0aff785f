using System.Text;
using CsCheck;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Tests.Readers.Records;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers;

public sealed class FilePartsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_parts_have_the_lines_of_the_file() => Gen.Select(
        Gen.OneOf(Gen.Char['a', 'c'].Array[0, 12].Select(letters => new string(letters)), Gen.Const("\uFEFF"), Gen.Const("d\r")).Array[0, 30], Gen.Bool, Gen.Int[1, 60]).Sample((lines, endsLine, size) =>
        {
            var file = Reading.File(folder, "lines.txt", string.Join('\n', lines) + (endsLine ? "\n" : ""));
            var parts = FileParts.Of(file, size);
            Assert.InRange(parts.Count, 1, Math.Max(1, file.Size / size));
            Assert.Equal(file.Size, parts.Sum(part => part.Size));
            Assert.Equal(Lines(file), parts.SelectMany(Lines));
        }, iter: 300, threads: 1);

    [Fact]
    public void What_is_packed_or_no_file_of_single_lines_stays_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{{\"text\": \"number {i}\"}}\n"));
        RecordReader Texts(TextFile file) => RecordSources.Texts(file, "en", RecordFormat.Auto, "text", new());
        Assert.Equal(7, Parts(Texts, Reading.File(folder, "a.jsonl", text), 300));
        Assert.Equal(7, Parts(Texts, Reading.File(folder, "a.txt", text), 300));
        Assert.Equal(1, Parts(Texts, Reading.File(folder, "a.txt.gz", string.Concat(Enumerable.Range(0, 9999))), 30));
        Assert.False(TextFile.FindOne(Reading.File(folder, "a.tgz", "").Name).IsPlain);
        Assert.Equal(1, Parts(Texts, Reading.File(folder, "a.txt", text), text.Length));
        Assert.Equal(1, Parts(Texts, Reading.File(folder, "a.json", " [" + text.TrimEnd().Replace("\n", ",\n", StringComparison.Ordinal) + "]"), 300));
        Assert.Equal(1, Parts(file => new TmxReader(file, ["de", "en"]), Reading.File(folder, "a.tmx", text), 300));
        var pair = Reading.File(folder, "a.en", text);
        Assert.Single(new WorkUnit(new AlignedTextReader([pair, pair], ["de", "en"], new()), [pair, pair], "").Parts(300));
    }

    [Fact]
    public void A_part_names_its_bytes()
    {
        var file = Reading.File(folder, "a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"two\"}\n[3]\n{\"text\": \"four\"}\n");
        var part = FileParts.Of(file, 20)[1];
        var bad = new BadRecords();
        Assert.Equal(["four"], Reading.All(new JsonTextReader(file, "en", "text", escapedLineEnds: false, new()).Of(part)!, bad).Select(record => record[0]));
        Assert.Equal($"{file.Name} (bytes 33 to 53), line 1: no JSON object", Assert.Single(bad.First));
        Assert.True(part.HasExtension(".jsonl"));
        Assert.Equal("[3]\n", File.ReadAllText(file.Name)[32..36]);
    }

    private static int Parts(Func<TextFile, RecordReader> reader, TextFile file, long size) => new WorkUnit(reader(file), [file], "").Parts(size).Count;

    private static List<string> Lines(TextFile file)
    {
        using var scanner = new LineScanner(file);
        var lines = new List<string>();
        while (scanner.TryRead(out var line))
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        return lines;
    }
}
