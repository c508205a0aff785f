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
