using Llamax.Testing;

namespace Llamax.EndToEnd;

/// <summary>What a user gets wrong ends with exit code 2, one message that says how to mend it, and nothing half-written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("pretrain.learning_rat=1e-3", "unknown key 'learning_rat' in pretrain; did you mean 'learning_rate'?")]
    [InlineData("data.test.fr=gone.txt", "gone.txt")]
    [InlineData("languages=[en, fr, es, zh, ta, th, xqz]", "unknown language 'xqz'")]
    [InlineData("evaluate.beams=0", "evaluate.beams is 0; it must be from 1 to 64.")]
    [InlineData("pretrain.steps=many", "pretrain.steps must be a whole number, not 'many'.")]
    public void A_recipe_with_a_mistake(string assignment, string message)
    {
        var (code, output, errors) = CommandLine.Run("run", SmokeRun.Recipe, "--out", folder.File("run"), "--set", assignment);

        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith($"llamax: --set {assignment}: ", errors, StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(folder.File("run")));
    }

    [Fact]
    public void Mistakes_in_the_file_come_with_their_lines_and_all_at_once()
    {
        var recipe = folder.File("mine.yaml");
        File.WriteAllText(recipe, File.ReadAllText(SmokeRun.Recipe)
            .Replace("root: ../starter/generated", $"root: {Path.Combine(Shared.Repository, "starter", "generated")}")
            .Replace("beams: 2", "beam: 2").Replace("[mono.ta.txt]", "[mono.xx.txt]"));
        var (code, _, errors) = CommandLine.Run("run", recipe, "--out", folder.File("run"));

        Assert.Equal(2, code);
        Assert.Equal(2, errors.TrimEnd().Split('\n').Length);
        Assert.Matches(@"mine\.yaml:\d+: unknown key 'beam' in evaluate; did you mean 'beams'\?", errors);
        Assert.Matches(@"mine\.yaml:\d+: data\.monolingual\.ta\[0\]: .*mono\.xx\.txt", errors);
        Assert.False(Directory.Exists(folder.File("run")));
    }

    [Fact]
    public void A_run_folder_that_is_a_file()
    {
        File.WriteAllText(folder.File("taken"), "mine");
        var (code, output, errors) = CommandLine.Run("run", SmokeRun.Recipe, "--out", folder.File("taken"));

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("llamax: ", errors, StringComparison.Ordinal);
        Assert.Contains(folder.File("taken"), errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Equal("mine", File.ReadAllText(folder.File("taken")));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "no-such.yaml")]
    [InlineData("run", "SMOKE", "--frm", "data")]
    [InlineData("run", "SMOKE", "--from", "dta")]
    [InlineData("run", "SMOKE", "--from", "report", "--until", "data")]
    [InlineData("run", "SMOKE", "--set", "nonsense")]
    [InlineData("report", "nowhere", "--out", "x")]
    [InlineData("evaluate", "test.txt", "--system", "a=nowhere")]
    [InlineData("evaluate", "test.{language}.txt", "--system", "a")]
    [InlineData("rum")]
    public void Bad_arguments(params string[] arguments)
    {
        var (code, output, errors) = CommandLine.Run([
            .. arguments.Select(argument => argument == "SMOKE" ? SmokeRun.Recipe : argument),
            .. arguments is ["run", _, ..] ? new[] { "--out", folder.File("run") } : []]);

        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith("llamax: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("run")));
    }
}
