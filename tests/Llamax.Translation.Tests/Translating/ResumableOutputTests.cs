using Llamax.Testing;
using Llamax.Translation.Translating;

namespace Llamax.Translation.Tests.Translating;

public class ResumableOutputTests
{
    [Fact]
    public async Task Goes_on_behind_the_last_whole_line()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("out");
        await using (var output = ResumableOutput.Open(file, "en-fr"))
        {
            Assert.Equal(0, output.FinishedLines);
            await output.WriteAsync(["a", "", "é"], CancellationToken.None);
        }

        Assert.False(File.Exists(file));
        File.AppendAllText(file + ".partial", "half a li");
        await using (var output = ResumableOutput.Open(file, "en-fr"))
        {
            Assert.Equal(3, output.FinishedLines);
            await output.WriteAsync(["z"], CancellationToken.None);
            output.Complete();
        }

        Assert.Equal("a\n\né\nz\n", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Other_settings_are_refused_and_kept_apart()
    {
        using var folder = new TemporaryFolder();
        await using (var output = ResumableOutput.Open(folder.File("out"), "en-fr"))
        {
            await output.WriteAsync(["a"], CancellationToken.None);
        }

        var error = Assert.Throws<LlamaxException>(() => ResumableOutput.Open(folder.File("out"), "en-zh"));
        Assert.Contains("other settings", error.Message);
        Assert.Equal("a\n", File.ReadAllText(folder.File("out.partial")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_run_at_a_time_writes_a_file(bool resume)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("out");
        await using (var output = ResumableOutput.Open(file, "en-fr"))
        {
            await output.WriteAsync(["a"], CancellationToken.None);
            Assert.Contains("another run writes", Assert.Throws<LlamaxException>(() => ResumableOutput.Open(file, "en-fr", resume)).Message);
            await output.WriteAsync(["b"], CancellationToken.None);
            output.Complete();
        }

        Assert.Equal("a\nb\n", File.ReadAllText(file));
        await using (var output = ResumableOutput.Open(file, "en-fr", resume))
        {
            Assert.Equal(0, output.FinishedLines);
        }

        Assert.Equal("a\nb\n", File.ReadAllText(file));
    }

    [Fact]
    public async Task What_cannot_be_gone_on_with_is_begun_anew()
    {
        using var folder = new TemporaryFolder();
        foreach (var settings in new[] { "one", "two" })
        {
            await using var output = ResumableOutput.Open(folder.File("out"), settings, resume: false);
            Assert.Equal(0, output.FinishedLines);
            await output.WriteAsync([settings], CancellationToken.None);
        }

        Assert.Equal(("two\n", "two"), (File.ReadAllText(folder.File("out.partial")), File.ReadAllText(folder.File("out.partial.settings"))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_of_the_user_stays_as_it_is(bool resume)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("out.partial"), "mine\nhalf");
        Assert.Contains("no run began it", Assert.Throws<LlamaxException>(() => ResumableOutput.Open(folder.File("out"), "en-fr", resume)).Message);
        Assert.Equal("mine\nhalf", File.ReadAllText(folder.File("out.partial")));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_model_that_lies_behind_links_is_told_from_what_it_was()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("model"));
        File.WriteAllText(folder.File("blob"), "{}");
        File.CreateSymbolicLink(folder.File("model/config.json"), "../blob");
        var before = ModelStamp.Of(folder.File("model"));
        Assert.StartsWith("config.json 2 ", Assert.Single(before));
        File.SetLastWriteTimeUtc(folder.File("blob"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.NotEqual(before, ModelStamp.Of(folder.File("model")));
    }

    [Fact]
    public async Task Lines_end_with_a_line_feed_only()
    {
        var text = string.Concat(Enumerable.Repeat("x", 40_000)) + "\r\n\u2028 a\rb\u0085\n\n\nlast\r";
        var reader = new LineReader(new StringReader(text), "in");
        var lines = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line);
        }

        Assert.Equal(["\u2028 a\rb\u0085", "", "", "last"], lines[1..]);
        Assert.Equal((40_000, 5L), (lines[0].Length, reader.Count));
    }
}
