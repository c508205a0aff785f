using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;

namespace Llamax.Recipes.Tests.Stages;

/// <summary>What is said of training data beside their recipe, and what its parts may not say against each other.</summary>
public sealed class DataSettingsTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    [Fact]
    public void Data_are_made_again_where_lines_that_are_no_Utf8_are_to_fare_otherwise_and_stay_where_nothing_is_said()
    {
        File.WriteAllBytes(small.File("mono2.fr"), [.. "un deux\ntrois "u8, 0xFF, .. "\n"u8]);
        Assert.Contains("no UTF-8", Assert.Throws<LlamaxException>(() => small.Build("run")).Message, StringComparison.Ordinal);
        Assert.True(small.Build("run", new DataBuilding { InvalidUtf8 = InvalidUtf8.Skip }));
        var skipped = small.Bytes("run");

        Assert.False(small.Build("run", new DataBuilding { InvalidUtf8 = InvalidUtf8.Skip }));
        Assert.False(small.Build("run"));
        Assert.True(small.Build("run", new DataBuilding { InvalidUtf8 = InvalidUtf8.Replace }));
        Assert.Contains("data: started, --invalid-utf8 has changed", small.Said);
        Assert.NotEqual(skipped, small.Bytes("run"));
    }

    [Fact]
    public void Finished_data_are_held_against_another_limit_of_bad_lines()
    {
        File.WriteAllBytes(small.File("mono2.fr"), [.. "un deux\ntrois "u8, 0xFF, .. "\n"u8]);
        Assert.True(small.Build("run", new DataBuilding { InvalidUtf8 = InvalidUtf8.Skip }));
        Assert.False(small.Build("run", new DataBuilding { MaxBadLines = 1 }));
        var message = Assert.Throws<LlamaxException>(() => small.Build("run", new DataBuilding { MaxBadLines = 0 })).Message;
        Assert.Contains("made without 1 lines that cannot be read, more than the 0 that --max-bad-lines allows", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_beside_the_one_with_the_languages_own_code_are_named()
    {
        small.Write("talks.tsv", "en\tfr-ca\tfr\nhello\tallô\tbonjour\n");
        small.Write("recipe.yaml", File.ReadAllText(small.File("recipe.yaml"))
            .Replace("  instructions:", "  multiway: [{ \"*\": talks.tsv }]\n  instructions:", StringComparison.Ordinal));
        Assert.True(small.Build("run"));
        var note = Assert.Single(small.Said, line => line.Contains("columns are not read", StringComparison.Ordinal));
        Assert.EndsWith($"because another one has the language's own code: fr-ca ({small.File("talks.tsv")})", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data.code_switch.hops=2", "data.code_switch.hops is 2, and words.lexicon was built with 1")]
    [InlineData("data.code_switch.fan_out=3", "data.code_switch.fan_out is 3, and words.lexicon was built with 8")]
    [InlineData("data.code_switch.both_ways=false", "`llamax lexicon build --one-way`")]
    public void What_a_lexicon_was_built_for_is_not_said_otherwise(string setting, string message)
    {
        using (var builder = new LexiconBuilder())
        {
            builder.Add("en", "fr", [("one", "un")]);
            builder.Write(small.File("words.lexicon"), TestContext.Current.CancellationToken);
        }

        Assert.Contains(message, Assert.Throws<LlamaxException>(() => small.Recipe("data.lexicon=words.lexicon", setting)).Message, StringComparison.Ordinal);
        small.Recipe("data.lexicon=words.lexicon", "data.code_switch.hops=1", "data.code_switch.fan_out=8", "data.code_switch.both_ways=true");
    }

    [Fact]
    public void A_dictionary_in_the_wrong_direction_ends_the_building_and_one_of_another_language_is_told()
    {
        File.WriteAllLines(small.File("words.txt"), Enumerable.Range(0, 20).Select(i => $"дом{(char)('а' + i)} house{(char)('a' + i)}"));
        small.Write("recipe.yaml", File.ReadAllText(small.File("recipe.yaml"))
            .Replace("languages: [en, fr]", "languages: [en, fr, ru]", StringComparison.Ordinal)
            .Replace("  instructions:", "  dictionaries: { DIRECTION: [words.txt] }\n  instructions:", StringComparison.Ordinal));
        var recipe = File.ReadAllText(small.File("recipe.yaml"));

        small.Write("recipe.yaml", recipe.Replace("DIRECTION", "en-ru", StringComparison.Ordinal));
        var message = Assert.Throws<LlamaxException>(() => small.Build("run")).Message;
        Assert.Contains("words.txt is named en-ru, but in 20 of its 20 entries Russian stands first", message, StringComparison.Ordinal);
        Assert.Contains("Name it ru-en.", message, StringComparison.Ordinal);

        small.Write("recipe.yaml", recipe.Replace("DIRECTION", "fr-en", StringComparison.Ordinal));
        Assert.True(small.Build("run"));
        Assert.Contains(small.Said, line => line.Contains(
            "words.txt is named fr-en, but of 20 words on the side of French, which is written in Latin, 20 are in Cyrillic. Is it of these languages?", StringComparison.Ordinal));

        small.Said.Clear();
        small.Write("recipe.yaml", recipe.Replace("DIRECTION", "ru-en", StringComparison.Ordinal));
        Assert.True(small.Build("run"));
        Assert.DoesNotContain(small.Said, line => line.Contains("Is it of these", StringComparison.Ordinal));
    }
}
