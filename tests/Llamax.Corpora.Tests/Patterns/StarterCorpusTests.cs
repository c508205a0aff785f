using System.Text.Json;
using Llamax.Corpora.Patterns;
using Llamax.Testing;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Tests.Patterns;

/// <summary>Holds what <c>starter/README.md</c> says of the committed files.</summary>
public class StarterCorpusTests
{
    private static readonly string Starter = Path.Combine(Shared.Repository, "starter");
    private static readonly string[] Languages = ["en", "fr", "es", "zh", "ta", "th"];

    [Fact]
    public void The_committed_files_are_what_the_patterns_generate()
    {
        var corpus = PatternCorpus.Generate(PatternWorld.Load(Starter), new PatternCorpusOptions());
        var committed = Directory.GetFiles(Generated(), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Generated(), file).Replace('\\', '/'));
        Assert.Equal(corpus.Files.Keys, committed.Order(StringComparer.Ordinal));
        Assert.All(corpus.Files, file => Assert.True(file.Value == Read(file.Key),
            $"{file.Key} differs: run ./llamax data patterns starter --out starter/generated"));
        var readme = File.ReadAllText(Path.Combine(Starter, "README.md"));
        Assert.Contains($" {PatternWorld.Load(Starter).Patterns.Count} sentence patterns, {corpus.Sentences:N0} different sentences", readme);
        Assert.Contains($"{Pairs("zh").Length} (zh, th) to {Pairs("ta").Length} (ta)", readme);
        Assert.True(corpus.Sentences >= 5000);
    }

    [Fact]
    public void The_example_of_the_readme_is_a_world()
    {
        var example = File.ReadAllText(Path.Combine(Starter, "README.md")).Split("```text\n")[1].Split("```")[0];
        var world = SmallWorld.Load(example);
        var love = world.Patterns.Single(pattern => pattern.Name == "love");
        Assert.Equal("El perro ama a la vaca.", love.Render(world.Languages[1], love.Fill(2)!).Text);
        Assert.Null(love.Fill(0));
    }

    [Fact]
    public void No_held_out_sentence_stands_in_training_in_any_language()
    {
        var instructions = string.Join('\n', Instructions().SelectMany(entry => new[] { entry.Instruction, entry.Input, entry.Output }));
        foreach (var language in Languages)
        {
            var training = Read($"train.{language}.txt") + Read($"mono.{language}.txt") + instructions;
            var heldOut = Lines($"test.{language}.txt").Concat(Lines($"dev.{language}.txt")).ToArray();
            Assert.Equal(350, heldOut.Distinct().Count());
            Assert.All(heldOut, sentence => Assert.False(training.Contains(sentence, StringComparison.Ordinal), sentence));
            Assert.Contains(Lines($"train.{language}.txt")[0], training);
        }
    }

    [Fact]
    public void Training_shows_every_word_of_the_held_out_text()
    {
        foreach (var language in Languages)
        {
            var known = Words(language, Lines($"train.{language}.txt")).ToHashSet();
            Assert.Empty(Words(language, Lines($"test.{language}.txt").Concat(Lines($"dev.{language}.txt"))).Except(known));
        }
    }

    [Theory]
    [InlineData("train", 6000)]
    [InlineData("test", 250)]
    [InlineData("dev", 100)]
    public void Lines_of_the_parallel_files_belong_together(string name, int count) =>
        Assert.All(Languages, language => Assert.Equal(count, Lines($"{name}.{language}.txt").Length));

    [Fact]
    public void Every_dictionary_covers_the_same_words_with_words_that_occur()
    {
        var english = Words("en", Lines("train.en.txt")).ToHashSet();
        var keys = Pairs("fr").Select(pair => pair[0]).Distinct().ToArray();
        Assert.InRange(keys.Length, 100, 150);
        foreach (var language in Languages[1..])
        {
            var text = Read($"train.{language}.txt").ToLowerInvariant();
            Assert.Equal(keys, Pairs(language).Select(pair => pair[0]).Distinct());
            Assert.All(Pairs(language), pair =>
            {
                Assert.Equal(2, pair.Length);
                Assert.Contains(pair[0], english);
                Assert.Contains(pair[1], text);
            });
        }
    }

    [Fact]
    public void Translation_instructions_are_made_of_training_sentences_in_every_direction()
    {
        var names = Languages.ToDictionary(language => LanguageRegistry.Default.Get(language).PromptName);
        var rows = Languages.ToDictionary(language => language, language =>
            Lines($"train.{language}.txt").Select((text, row) => (text, row)).ToLookup(line => line.text, line => line.row));
        var directions = new Dictionary<string, int>();
        foreach (var entry in Instructions().Where(entry => entry.Instruction.StartsWith("Translate", StringComparison.Ordinal)))
        {
            var between = entry.Instruction["Translate the following sentences from ".Length..^1].Split(" to ");
            Assert.NotEmpty(rows[names[between[0]]][entry.Input].Intersect(rows[names[between[1]]][entry.Output]));
            directions[entry.Instruction] = directions.GetValueOrDefault(entry.Instruction) + 1;
        }

        Assert.Equal(30, directions.Count);
        Assert.All(directions.Values, count => Assert.Equal(300, count));
    }

    [Fact]
    public void General_instructions_have_right_answers()
    {
        var general = Instructions().Where(entry => !entry.Instruction.StartsWith("Translate", StringComparison.Ordinal)).ToArray();
        Assert.Equal(600, general.Length);
        Assert.All(general, entry =>
        {
            Assert.NotEmpty(entry.Output);
            switch (entry.Instruction)
            {
                case "Put the words in order.":
                    Assert.Equal(Words("en", [entry.Output]).Order(), entry.Input.Split(' ').Order());
                    break;
                case "How many words are in this sentence?":
                    Assert.Equal(entry.Input.Split(' ').Length, int.Parse(entry.Output));
                    break;
                case var either when either.StartsWith("Is ", StringComparison.Ordinal):
                    Assert.Contains($" {entry.Output}", either);
                    break;
                case var write when write.StartsWith("Write", StringComparison.Ordinal):
                    Assert.Contains(write.Split('"')[1], Words("en", [entry.Output]));
                    break;
                case var which when which.StartsWith("Which", StringComparison.Ordinal):
                    Assert.Contains(entry.Output, entry.Input.Split(", "));
                    break;
                case var list:
                    Assert.Equal(3, entry.Output.Split(", ").Distinct().Count());
                    Assert.StartsWith(list[(list.LastIndexOf(' ') + 1)..^1], entry.Output);
                    break;
            }
        });
    }

    private static string Generated() => Path.Combine(Starter, "generated");

    private static string Read(string file) => File.ReadAllText(Path.Combine(Generated(), file));

    private static string[] Lines(string file) => Read(file).TrimEnd('\n').Split('\n');

    private static string[][] Pairs(string language) => [.. Lines($"dictionary/en-{language}.txt").Select(line => line.Split(' '))];

    /// <summary>Words between spaces; characters where words are not separated.</summary>
    private static IEnumerable<string> Words(string language, IEnumerable<string> lines) => language is "zh" or "th"
        ? lines.SelectMany(line => line).Select(character => character.ToString()).Distinct()
        : lines.SelectMany(line => line.ToLowerInvariant().Split([' ', '.', ',', '?', '¿'], StringSplitOptions.RemoveEmptyEntries));

    private static List<(string Instruction, string Input, string Output)> Instructions() =>
        [.. JsonDocument.Parse(Read("instructions.json")).RootElement.EnumerateArray().Select(entry => (
            entry.GetProperty("instruction").GetString()!, entry.GetProperty("input").GetString()!, entry.GetProperty("output").GetString()!))];
}
