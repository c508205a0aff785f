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
        var (entries, skipped) = DictionaryReader.Read(TextFile.FindOne(temporary.File("d.txt")));
        Assert.Equal([("the", "le"), ("the", "la"), ("ice cream", "glace au lait")], entries);
        Assert.Equal(4, skipped);
    }

    [Fact]
    public void A_file_without_entries_is_an_error()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("d.txt"), "one\ntwo\n");
        Assert.Contains("no dictionary entry", Assert.Throws<LlamaxException>(
            () => DictionaryReader.Read(TextFile.FindOne(temporary.File("d.txt")))).Message, StringComparison.Ordinal);
    }

    /// <summary>Every line of the real dictionaries is either an entry or counted; French and Chinese have no odd lines.</summary>
    [Theory]
    [InlineData("fr", 113286, 0)]
    [InlineData("zh", 39334, 0)]
    public void Real_dictionaries_are_read_from_their_archive(string language, int entries, int skipped)
    {
        var archive = Shared.Path("data", "dictionaries", "cosda_muse_panlex.tar.gz");
        var read = DictionaryReader.Read(TextFile.FindOne($"{archive}!cosda_muse_panlex/{language}2.txt"));
        Assert.Equal((entries, skipped), (read.Entries.Count, read.Skipped));
    }
}
