using CsCheck;
using Llamax.Corpora.Patterns;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Patterns;

public class PatternCorpusTests
{
    private readonly PatternWorld world = SmallWorld.Load();

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        var options = SmallWorld.Options with { Seed = SeedThatWorks() };
        var first = PatternCorpus.Generate(world, options);
        Assert.Equal(first.Files, PatternCorpus.Generate(SmallWorld.Load(), options).Files);
        Assert.Equal(4 * 3 + 4 * 3 * 2, first.Sentences);
        Assert.NotEqual(first.Files["train.en.txt"],
            PatternCorpus.Generate(world, options with { Seed = SeedThatWorks(options.Seed + 1) }).Files["train.en.txt"]);
    }

    [Fact]
    public void Training_never_shows_a_held_out_sentence_whatever_the_seed() => Gen.Long[0, 10_000].Sample(seed =>
    {
        if (TryGenerate(seed) is not { } corpus)
        {
            return;
        }

        foreach (var language in world.Languages.Select(language => language.Code))
        {
            var seen = corpus.Files[$"train.{language}.txt"] + corpus.Files[$"mono.{language}.txt"] + corpus.Files["instructions.json"];
            foreach (var sentence in Lines(corpus, $"test.{language}.txt").Concat(Lines(corpus, $"dev.{language}.txt")))
            {
                Assert.DoesNotContain(sentence, seen);
            }
        }
    }, iter: 50);

    [Fact]
    public void A_world_too_small_says_for_what()
    {
        var error = Assert.Throws<LlamaxException>(() => PatternCorpus.Generate(world, SmallWorld.Options with { Train = 500 }));
        Assert.Contains("left for the training text where 500 are asked for", error.Message);
    }

    [Fact]
    public void A_number_out_of_range_is_refused() =>
        Assert.Contains("Train", Assert.Throws<LlamaxException>(
            () => PatternCorpus.Generate(world, SmallWorld.Options with { Train = 0 })).Message);

    [Fact]
    public void Words_that_training_does_not_show_are_refused()
    {
        var error = Enumerable.Range(0, 100).Select(seed => Record.Exception(
            () => PatternCorpus.Generate(world, SmallWorld.Options with { Seed = seed, Train = 1 }))).OfType<LlamaxException>().First();
        Assert.Contains("training sentences do not show; ask for more training sentences", error.Message);
    }

    [Fact]
    public void Files_are_written_as_they_are()
    {
        using var folder = new TemporaryFolder();
        var corpus = PatternCorpus.Generate(world, SmallWorld.Options with { Seed = SeedThatWorks() });
        corpus.WriteTo(folder.Path);
        Assert.All(corpus.Files, file => Assert.Equal(file.Value, File.ReadAllText(folder.File(file.Key))));
        Assert.Contains("\nbird oiseau\n", "\n" + corpus.Files["dictionary/en-fr.txt"]);
    }

    /// <summary>So small a world does not have every held-out word in training for every seed.</summary>
    private long SeedThatWorks(long from = 0)
    {
        while (TryGenerate(from) is null)
        {
            from++;
        }

        return from;
    }

    private PatternCorpus? TryGenerate(long seed)
    {
        try
        {
            return PatternCorpus.Generate(world, SmallWorld.Options with { Seed = seed });
        }
        catch (LlamaxException error) when (error.Message.Contains("do not show", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static string[] Lines(PatternCorpus corpus, string file) =>
        corpus.Files[file].Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
