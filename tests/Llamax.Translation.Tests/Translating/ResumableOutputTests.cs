using Llamax.Testing;
using Llamax.Translation.Translating;

namespace Llamax.Translation.Tests.Translating;

public class ResumableOutputTests
{
    private static readonly Dictionary<string, string> French = new() { ["--from"] = "en", ["--to"] = "fr", ["--beams"] = "4" };

    [Fact]
    public async Task Goes_on_behind_the_last_whole_line()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("out");
        await using (var output = ResumableOutput.Open(file, French))
        {
            Assert.Equal(0, output.FinishedLines);
            await output.WriteAsync(["a", "", "é"], CancellationToken.None);
        }

        Assert.False(File.Exists(file));
        File.AppendAllText(file + ".partial", "half a li");
        await using (var output = ResumableOutput.Open(file, French))
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
        await using (var output = ResumableOutput.Open(folder.File("out"), French))
        {
            await output.WriteAsync(["a"], CancellationToken.None);
        }

        var chinese = new Dictionary<string, string> { ["--from"] = "en", ["--to"] = "zh", ["--beams"] = "4", ["--via"] = "es" };
        var error = Assert.Throws<LlamaxException>(() => ResumableOutput.Open(folder.File("out"), chinese));
        Assert.Equal(
            $"{folder.File("out.partial")} was begun with other settings: --to was fr and is zh now; --via was absent and is es now. "
            + $"Give the same as before to go on, or remove {folder.File("out.partial")} and {folder.File("out.partial.settings")} to start over.",
            error.Message);
        Assert.Equal("a\n", File.ReadAllText(folder.File("out.partial")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_run_at_a_time_writes_a_file(bool tellsInput)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("out");
        await using (var output = ResumableOutput.Open(file, French))
        {
            await output.WriteAsync(["a"], CancellationToken.None);
            Assert.Contains("another run writes", Assert.Throws<LlamaxException>(() => ResumableOutput.Open(file, French, tellsInput)).Message);
            await output.WriteAsync(["b"], CancellationToken.None);
            output.Complete();
        }

        Assert.Equal("a\nb\n", File.ReadAllText(file));
        await using (var output = ResumableOutput.Open(file, French, tellsInput))
        {
            Assert.Equal(0, output.FinishedLines);
        }

        Assert.Equal("a\nb\n", File.ReadAllText(file));
    }

    [Fact]
    public async Task Of_long_or_many_differences_the_beginning_is_said()
    {
        using var folder = new TemporaryFolder();
        var settings = Enumerable.Range(0, 6).ToDictionary(number => $"--{number}", number => $"{number}");
        settings["--template"] = new string('x', 200) + "\n{input}";
        await using (var output = ResumableOutput.Open(folder.File("out"), settings))
        {
            await output.WriteAsync(["a"], CancellationToken.None);
        }

        var other = new Dictionary<string, string>(settings) { ["--template"] = new string('x', 200) + "\n{output}" + new string('y', 200) };
        var error = Assert.Throws<LlamaxException>(() => ResumableOutput.Open(folder.File("out"), other));
        Assert.Contains($"--template was …{new string('x', 52)}\\n{{input}} and is …{new string('x', 18)}\\n{{output}}{new string('y', 33)}… now.", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        var many = settings.ToDictionary(pair => pair.Key, pair => pair.Value + "!");
        Assert.Contains("--3 was 3 and is 3! now; and 3 more.", Assert.Throws<LlamaxException>(() => ResumableOutput.Open(folder.File("out"), many)).Message);
    }

    [Fact]
    public async Task Of_an_input_that_only_its_lines_tell_what_was_told_is_kept()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("out");
        await using (var output = ResumableOutput.Open(file, French, tellsInput: true))
        {
            Assert.Null(output.FinishedInput);
            await output.WriteAsync(["a", "b"], CancellationToken.None, "hash of two");
        }

        File.AppendAllText(file + ".partial", "c\nhalf"); // What is on the disk before it is told of.
        await using (var output = ResumableOutput.Open(file, French, tellsInput: true))
        {
            Assert.Equal((2, "hash of two"), (output.FinishedLines, output.FinishedInput));
            Assert.Contains("standard input does not begin with the 2 lines", output.OtherInput("standard input").Message);
            await output.WriteAsync(["d"], CancellationToken.None, "hash of three");
        }

        Assert.Equal("a\nb\nd\n", File.ReadAllText(file + ".partial"));
        File.WriteAllText(file + ".partial", "a\n");
        Assert.Contains("has 1 lines, and", Assert.Throws<LlamaxException>(() => ResumableOutput.Open(file, French, tellsInput: true)).Message);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"settings\":{\"--to\":null}}")]
    [InlineData("{\"settings\":{},\"lines\":-1}")]
    public void Settings_that_no_run_left_are_refused(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("out.partial.settings"), content);
        Assert.Contains("is not what an unfinished run leaves", Assert.Throws<LlamaxException>(() => ResumableOutput.Open(folder.File("out"), French)).Message);
        Assert.Equal(content, File.ReadAllText(folder.File("out.partial.settings")));
    }

    [Fact]
    public async Task A_link_stays_and_its_target_is_written()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("elsewhere"));
        File.WriteAllText(folder.File("elsewhere/target"), "old");
        File.CreateSymbolicLink(folder.File("link"), "elsewhere/target");
        await using (var output = ResumableOutput.Open(folder.File("link"), French))
        {
            Assert.True(output.IsResumable);
            await output.WriteAsync(["a"], CancellationToken.None);
            Assert.True(File.Exists(folder.File("elsewhere/target.partial")));
            output.Complete();
        }

        Assert.Equal(("elsewhere/target", "a\n"), (new FileInfo(folder.File("link")).LinkTarget, File.ReadAllText(folder.File("elsewhere/target"))));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
        Assert.Single(Directory.GetFileSystemEntries(folder.File("elsewhere")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_of_the_user_stays_as_it_is(bool tellsInput)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("out.partial"), "mine\nhalf");
        Assert.Contains("no run began it", Assert.Throws<LlamaxException>(() => ResumableOutput.Open(folder.File("out"), French, tellsInput)).Message);
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
