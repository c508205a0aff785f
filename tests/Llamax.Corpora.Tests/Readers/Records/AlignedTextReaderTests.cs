using System.Globalization;
using System.Text;
using CsCheck;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers.Records;

public sealed class AlignedTextReaderTests
{
    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.txt.gz")]
    [InlineData("a.txt.zst")]
    public void Lines_are_texts_however_the_file_is_packed(string name)
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, name, "\uFEFFeins\r\n\n  \u3000zwei\u00A0\t\n \ndrei");
        Assert.Equal([["eins"], ["zwei"], ["drei"]], Reading.All(new AlignedTextReader([file], ["de"], new())));
    }

    [Fact]
    public void Files_side_by_side_are_records_as_long_as_two_languages_have_text()
    {
        using var temporary = new TemporaryFolder();
        TextFile[] files =
        [
            Reading.File(temporary, "a.de", "eins\nzwei\n\nvier\n"),
            Reading.File(temporary, "a.en", "one\n\n\nfour\n"),
            Reading.File(temporary, "a.fr", "un\n\ntrois\nquatre"),
        ];
        Assert.Equal([["eins", "one", "un"], ["vier", "four", "quatre"]], Reading.All(new AlignedTextReader(files, ["de", "en", "fr"], new())));
        Assert.Equal([["eins", "one"], ["vier", "four"]], Reading.All(new AlignedTextReader(files[..2], ["de", "en"], new())));
    }

    [Fact]
    public void Files_of_different_length_are_refused_with_both_lengths()
    {
        using var temporary = new TemporaryFolder();
        TextFile[] files = [Reading.File(temporary, "a.de", "eins\nzwei\n"), Reading.File(temporary, "a.en", "one\ntwo\nthree\n")];
        foreach (var order in new[] { files, [.. files.Reverse()] })
        {
            var message = Assert.Throws<LlamaxException>(() => Reading.All(new AlignedTextReader(order, ["de", "en"], new()))).Message;
            Assert.Contains("a.de", message, StringComparison.Ordinal);
            Assert.Contains("has 2", message, StringComparison.Ordinal);
            Assert.Contains("has 3", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a.txt.gz")]
    [InlineData("a.txt.zst")]
    public void What_a_file_that_is_cut_off_still_holds_is_kept_and_said(string name)
    {
        using var temporary = new TemporaryFolder();
        var random = new Random(1);
        var lines = Enumerable.Range(0, 20_000).Select(i => $"line {i} {random.Next()}").ToList();
        var path = Reading.File(temporary, name, string.Join('\n', lines)).DiskPath;
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^20_000]);
        var bad = new BadRecords();
        var read = Reading.All(new AlignedTextReader([TextFile.FindOne(path)], ["en"], new()), bad).ConvertAll(record => record[0]);
        Assert.InRange(read.Count, 1000, lines.Count - 100);
        Assert.Equal(lines[..read.Count], read);
        Assert.Equal(1, bad.Count);
        Assert.StartsWith($"{path}, after line {read.Count.ToString(CultureInfo.InvariantCulture)}: the file is damaged or cut off", Assert.Single(bad.First), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_are_no_Utf8_are_an_error_or_left_out_or_mended()
    {
        using var temporary = new TemporaryFolder();
        var file = Reading.File(temporary, "a.txt", [.. "gut\nschl"u8, 0xE4, .. "cht\nbesser"u8]);
        var message = Assert.Throws<LlamaxException>(() => Reading.All(new AlignedTextReader([file], ["de"], new()))).Message;
        Assert.Contains("a.txt, line 2: byte 5 is no UTF-8", message, StringComparison.Ordinal);

        var bad = new BadRecords();
        Assert.Equal([["gut"], ["besser"]], Reading.All(new AlignedTextReader([file], ["de"], new() { InvalidUtf8 = InvalidUtf8.Skip }), bad));
        Assert.Equal(new KeyValuePair<string, long>("no UTF-8", 1), Assert.Single(bad.Reasons));
        Assert.Equal([["gut"], ["schl\uFFFDcht"], ["besser"]], Reading.All(new AlignedTextReader([file], ["de"], new() { InvalidUtf8 = InvalidUtf8.Replace })));
    }

    [Fact]
    public void The_order_in_which_batches_are_decoded_does_not_change_which_bad_lines_are_shown()
    {
        var (forth, back) = (new BadRecords(), new BadRecords());
        for (var i = 1; i <= 100; i++)
        {
            forth.Add($"f, line {i}", i, "bad");
            back.Add($"f, line {101 - i}", 101 - i, "bad");
        }

        Assert.Equal(BadRecords.Shown, forth.First.Count);
        Assert.Equal("f, line 1: bad", forth.First[0]);
        Assert.Equal(forth.First, back.First);
        var message = Assert.Throws<LlamaxException>(() => new BadRecords(0).Add("f, line 7", 7, "bad")).Message;
        Assert.Contains("f, line 7: bad", message, StringComparison.Ordinal);
        Assert.Contains("--max-bad-lines", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_hold_what_the_lines_hold()
    {
        using var temporary = new TemporaryFolder();
        Gen.String[Gen.Char["abcäß中🙂 \t\u00A0\r"], 0, 40].Array[0, 40].Sample(lines =>
        {
            var content = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            var expected = Encoding.UTF8.GetString(content).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
            var read = Reading.All(new AlignedTextReader([Reading.File(temporary, "a.txt", content)], ["de"], new()));
            return expected.SequenceEqual(read.Select(record => record[0]));
        }, iter: 200, threads: 1);
    }
}
