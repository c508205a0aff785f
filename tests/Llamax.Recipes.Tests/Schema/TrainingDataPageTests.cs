using System.Text.RegularExpressions;
using Llamax.Recipes.Schema;
using Llamax.Testing;

namespace Llamax.Recipes.Tests.Schema;

/// <summary>The recipes in docs/training-data.md and docs/cleaning.md name keys that there are, with values that they take.</summary>
public sealed partial class TrainingDataPageTests
{
    [Theory]
    [InlineData("training-data.md", 2)]
    [InlineData("cleaning.md", 1)]
    public void Every_key_is_known_and_takes_its_value(string page, int expected)
    {
        var blocks = Blocks().Matches(File.ReadAllText(Path.Combine(Llamax.Testing.Shared.Repository, "docs", page)));
        Assert.Equal(expected, blocks.Count);
        Assert.All(blocks, block =>
        {
            using var folder = new TemporaryFolder();
            var lines = block.Groups["yaml"].Value.Split('\n').Where(line => line != "data:" && !line.Contains("root:", StringComparison.Ordinal));
            File.WriteAllText(folder.File("r.yaml"), "languages: [en, fr, fi, sw, zh, mi]\ndata:\n" + string.Join('\n', lines.Select(line => line.StartsWith("  ", StringComparison.Ordinal) && !page.StartsWith("cl", StringComparison.Ordinal) ? line : "  " + line)));
            var message = Assert.Throws<LlamaxException>(() => RecipeFile.Load(folder.File("r.yaml"))).Message; // The files are not there.
            Assert.DoesNotContain("unknown key", message, StringComparison.Ordinal);
            Assert.DoesNotContain("must be", message, StringComparison.Ordinal);
        });
    }

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();
}
