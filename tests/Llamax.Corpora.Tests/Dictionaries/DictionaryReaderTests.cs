using System.Text;
using CsCheck;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Dictionaries;

public sealed class DictionaryReaderTests
{
    [Fact]
    public void Spaces_or_tabs_separate_and_other_lines_are_counted()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), "the le\nthe  la\nice cream\tglace au lait\nlonely\n\na b c\n\tnothing\nx\ty\tz\n");
        var (entries, skipped) = Read(temporary.File("d.txt"));
        Assert.Equal([("the", "le"), ("the", "la"), ("ice cream", "glace au lait")], entries);
        Assert.Equal(4, skipped);
    }

    [Fact]
    public void A_file_without_entries_is_an_error()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), "one\ntwo\n");
        Assert.Contains("no dictionary entry", Assert.Throws<LlamaxException>(
            () => Read(temporary.File("d.txt"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Every line of the real dictionaries is either an entry or counted; French and Chinese have no odd lines.</summary>
    [Theory]
    [InlineData("fr", 113286, 0)]
    [InlineData("zh", 39334, 0)]
    public void Real_dictionaries_are_read_from_their_archive(string language, int entries, int skipped)
    {
        var archive = Shared.Path("data", "dictionaries", "cosda_muse_panlex.tar.gz");
        var read = Read($"{archive}!cosda_muse_panlex/{language}2.txt");
        Assert.Equal((entries, skipped), (read.Entries.Count, read.Skipped));
    }

    [Fact]
    public void Spaces_around_and_between_are_not_part_of_a_word()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), "\uFEFF the   le \r\n a b \t c d \t\r\n\u00A0x\ty\u3000\n");
        Assert.Equal([("the", "le"), ("a b", "c d"), ("x", "y")], Read(temporary.File("d.txt")).Entries);
    }

    /// <summary>A line with a tab is cut there and nowhere else: with nothing on one side of it, it has no translation.</summary>
    [Theory]
    [InlineData("hot dog\t")]
    [InlineData("\tne pas")]
    [InlineData("cold water\t ")]
    [InlineData(" \t a b")]
    [InlineData("\ta\tb")]
    [InlineData("a\t\tb")]
    public void An_empty_column_is_no_entry(string line)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), $"one un\n{line}\n");
        var (entries, skipped) = Read(temporary.File("d.txt"));
        Assert.Equal([("one", "un")], entries);
        Assert.Equal(1, skipped);
    }

    [Fact]
    public void A_line_that_is_no_text_is_named()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.File("d.txt"), [.. "a b\nc "u8, 0xFF, (byte)'\n']);
        Assert.Contains("line 2: byte 3 is no UTF-8", Assert.Throws<LlamaxException>(() => Read(temporary.File("d.txt"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Terms_that_are_too_long_or_have_a_zero_byte_are_no_entries()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), $"a b\n{new string('x', DictionaryReader.LongestWord + 1)} y\nc\0 d\n{new string('x', DictionaryReader.LongestWord)} y\n");
        var (entries, skipped) = Read(temporary.File("d.txt"));
        Assert.Equal((2, 2), (entries.Count, (int)skipped));
    }

    /// <summary>Whatever stands in a file, each line that is not empty is an entry or skipped.</summary>
    [Fact]
    public void Every_line_is_an_entry_or_skipped() => Gen.OneOf(Gen.Const(' '), Gen.Const('\t'), Gen.Const('a'), Gen.Const('é'), Gen.Const('犬')).Array[0, 12].Select(letters => new string(letters)).List[1, 20].Sample(lines =>
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), "a b\n" + string.Join('\n', lines));
        var expected = lines.Select(line => line.Contains('\t', StringComparison.Ordinal) // A tab at the end is none that separates, if there is another.
                ? (line.TrimEnd().Contains('\t', StringComparison.Ordinal) ? line.TrimEnd() : line).Split('\t', StringSplitOptions.TrimEntries)
                : line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(parts => parts is [{ Length: > 0 }, { Length: > 0 }]).Select(parts => (parts[0], parts[1])).Prepend(("a", "b")).ToList();
        var (entries, skipped) = Read(temporary.File("d.txt"));
        Assert.Equal(expected, entries);
        Assert.Equal(lines.Count(line => line.Trim().Length > 0) + 1, entries.Count + skipped);
    }, iter: 200, threads: 1);

    private static (List<(string, string)> Entries, long Skipped) Read(string path)
    {
        using var reader = new DictionaryReader(TextFile.FindOne(path));
        var entries = new List<(string, string)>();
        while (reader.TryRead(out var word, out var translation))
        {
            entries.Add((Encoding.UTF8.GetString(word), Encoding.UTF8.GetString(translation)));
        }

        Assert.Equal(entries.Count, reader.Entries);
        return (entries, reader.Skipped);
    }
}
