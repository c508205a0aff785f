using Llamax.Evaluation.Matrix;
using Llamax.Testing;

namespace Llamax.Evaluation.Tests.Matrix;

public sealed class TestSetFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_are_found_by_any_code_of_their_language()
    {
        File.WriteAllText(folder.File("t.eng.txt"), "one\ntwo\n");
        File.WriteAllText(folder.File("t.fr.txt"), "un\ndeux\n");
        File.WriteAllText(folder.File("t.zho_simpl.txt"), "一\n二\n");
        File.WriteAllText(folder.File("t.nothing.txt"), "?\n");
        var files = new TestSetFiles(folder.File("t.{language}.txt"));

        Assert.Equal(["en", "fr", "zh"], files.Languages);
        Assert.Equal(["一", "二"], files.Read(["zh", "en"]).Lines["zh"]);
    }

    [Fact]
    public void An_archive_is_looked_into()
    {
        var files = new TestSetFiles(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz") + "!flores101_dataset/devtest/{language}.devtest");

        Assert.Equal(102, files.Languages.Count);
        Assert.Equal(102, new TestSetFiles(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz") + "!./flores101_dataset/devtest/{language}.devtest").Languages.Count);
        Assert.Equal(1012, files.Read(["ta", "th"]).Count);
    }

    [Theory]
    [InlineData("t.txt", "write {language} once")]
    [InlineData("t.{language}.txt", "files of 1 known languages were found")]
    [InlineData("u.{language}.txt", "no file matches")]
    public void What_is_no_test_set_is_refused(string pattern, string message)
    {
        File.WriteAllText(folder.File("t.en.txt"), "one\n");

        Assert.Contains(message, Assert.Throws<LlamaxException>(() => new TestSetFiles(folder.File(pattern))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_language_are_refused()
    {
        File.WriteAllText(folder.File("t.en.txt"), "one\n");
        File.WriteAllText(folder.File("t.eng.txt"), "one\n");

        Assert.Contains("both", Assert.Throws<LlamaxException>(() => new TestSetFiles(folder.File("t.{language}.txt"))).Message, StringComparison.Ordinal);
    }
}
