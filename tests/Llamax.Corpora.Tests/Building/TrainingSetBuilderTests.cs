using Llamax.Corpora.Building;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Tests.Building;

public sealed class TrainingSetBuilderTests
{
    private static readonly CharacterTokenizer Tokenizer = new();

    private static readonly DataOptions Paper = new() { ReplicateBelow = 10, AugmentBelow = 10, Replicate = 3 };

    [Fact]
    public void Pairs_of_a_scarce_direction_enter_three_times_and_others_once()
    {
        using var temporary = new TemporaryFolder();
        var sets = new[] { Lines(temporary, 12, "en", "fr"), Lines(temporary, 4, "en", "de") };
        var entries = Build(temporary, Paper with { AugmentBelow = 0 }, sets, ["en", "fr", "de"]);
        Assert.Equal(12, entries.Count(entry => entry.Direction is "en-fr" or "fr-en"));
        Assert.Equal(3 * 4, entries.Count(entry => entry.Direction is "en-de" or "de-en"));
        Assert.All(entries, entry => Assert.Equal("parallel", entry.Kind));
        var copies = entries.Where(entry => entry.Direction is "en-de" or "de-en").GroupBy(entry => string.Join(' ', Text(entry).Split(' ').Order()));
        Assert.All(copies, copy => Assert.Equal(3, copy.Count()));
    }

    [Fact]
    public void The_direction_is_drawn_evenly_per_pair()
    {
        using var temporary = new TemporaryFolder();
        var entries = Build(temporary, Paper with { AugmentBelow = 0 }, [Lines(temporary, 400, "en", "fr")], ["en", "fr"]);
        Assert.Equal(400, entries.Count);
        Assert.InRange(entries.Count(entry => entry.Direction == "en-fr"), 160, 240); // Four standard deviations.
        Assert.All(entries, entry => Assert.StartsWith(entry.Direction[..2], Text(entry), StringComparison.Ordinal));
    }

    [Fact]
    public void An_unordered_pair_of_sentences_enters_once_whichever_set_has_it()
    {
        using var temporary = new TemporaryFolder();
        var set = Lines(temporary, 20, "en", "fr");
        var manifest = BuildManifest(temporary, Paper with { AugmentBelow = 0 }, [set, set], ["fr", "en"], null);
        Assert.Equal(20, manifest.Rows);
        Assert.Equal(20, manifest.LeftOut["sentence pairs that occur again"]);
    }

    [Fact]
    public void Languages_that_were_not_asked_for_stay_out()
    {
        using var temporary = new TemporaryFolder();
        var entries = Build(temporary, Paper with { AugmentBelow = 0 }, [Lines(temporary, 12, "en", "fr", "de")], ["en", "fr"]);
        Assert.Equal(12, entries.Count);
    }

    [Fact]
    public void Max_pairs_keeps_a_random_sample_and_the_thresholds_count_what_was_there()
    {
        using var temporary = new TemporaryFolder();
        var manifest = BuildManifest(temporary, Paper with { AugmentBelow = 0, MaxPairs = 5 }, [Lines(temporary, 12, "en", "fr")], ["en", "fr"], null);
        Assert.Equal(5, manifest.Rows);
        Assert.Equal(7, manifest.LeftOut["sentence pairs above max_pairs"]);
    }

    [Fact]
    public void Languages_below_the_threshold_are_code_switched_in_both_directions_with_loss_on_the_target()
    {
        using var temporary = new TemporaryFolder();
        var lexicon = new LexiconBuilder();
        lexicon.Add("en", "de", [("en0", "null"), ("en1", "eins")]);
        lexicon.Add("fr", "de", [("fr0", "nichts")]);
        var options = Paper with { ReplicateBelow = 0, CodeSwitch = new CodeSwitchOptions { Rate = 1, Copies = 2 } };
        var sets = new[] { Lines(temporary, 4, "en", "fr") };
        var entries = Build(temporary, options, sets, ["en", "fr"], new CodeSwitcher(lexicon.Build(1), options.CodeSwitch.Rate, 1));
        var switched = entries.Where(entry => entry.Kind == "code-switched").ToList();
        Assert.Equal(
            ["eins fr1", "eins fr1", "nichts en0", "nichts en0", "null fr0", "null fr0"], switched.Select(Text).Order(StringComparer.Ordinal));
        Assert.All(switched, entry => Assert.Equal(Text(entry).Split(' ')[1], Tokenizer.Decode(entry.InputIds.AsSpan(entry.LossFrom))));
        Assert.Equal(4, entries.Count(entry => entry.Kind == "parallel"));

        var plenty = Build(temporary, options with { AugmentBelow = 4 }, sets, ["en", "fr"], new CodeSwitcher(lexicon.Build(1), 1, 1));
        Assert.DoesNotContain(plenty, entry => entry.Kind == "code-switched");
        var off = options with { CodeSwitch = options.CodeSwitch with { Enabled = false } };
        Assert.DoesNotContain(Build(temporary, off, sets, ["en", "fr"], new CodeSwitcher(lexicon.Build(1), 1, 1)), entry => entry.Kind == "code-switched");
    }

    /// <summary>A language's pairs with all its partners count together: 6 + 6 is no longer scarce, 6 alone is.</summary>
    [Fact]
    public void The_threshold_of_augmentation_is_per_language()
    {
        using var temporary = new TemporaryFolder();
        var lexicon = new LexiconBuilder();
        lexicon.Add("en", "zz", Enumerable.Range(0, 6).Select(i => ($"en{i}", $"z{i}")));
        lexicon.Add("fr", "zz", Enumerable.Range(0, 6).Select(i => ($"fr{i}", $"z{i}")));
        lexicon.Add("de", "zz", Enumerable.Range(0, 6).Select(i => ($"de{i}", $"z{i}")));
        var three = Lines(temporary, 6, "en", "fr", "de");
        var options = Paper with { CodeSwitch = new CodeSwitchOptions { Rate = 1 } };
        Assert.DoesNotContain(
            Build(temporary, options, [three], ["en", "fr", "de"], new CodeSwitcher(lexicon.Build(1), 1, 1)), entry => entry.Kind == "code-switched");
        Assert.Equal(12, Build(temporary, options, [three], ["en", "fr"], new CodeSwitcher(lexicon.Build(1), 1, 1))
            .Count(entry => entry.Kind == "code-switched"));
    }

    [Fact]
    public void The_bytes_depend_on_the_seed_and_not_on_the_threads()
    {
        using var temporary = new TemporaryFolder();
        var lexicon = new LexiconBuilder();
        lexicon.Add("en", "de", Enumerable.Range(0, 3000).Select(i => ($"en{i}", $"de{i}")));
        lexicon.Add("en", "es", Enumerable.Range(0, 3000).Select(i => ($"en{i}", $"es{i}")));
        var options = Paper with { AugmentBelow = 1 << 20, Shards = new ShardOptions { Rows = 1500 } };
        var sets = new[] { Lines(temporary, 3000, "en", "fr") };
        string Hashes(long seed, int threads) => string.Join(' ', BuildManifest(
            temporary, options, sets, ["en", "fr"], new CodeSwitcher(lexicon.Build(1), 0.5, seed), seed, threads).Shards.Select(shard => shard.Sha256));

        var one = Hashes(1, 1);
        Assert.Equal(one, Hashes(1, 4));
        Assert.NotEqual(one, Hashes(2, 1));
    }

    [Fact]
    public void A_pairs_draws_do_not_depend_on_where_it_stands()
    {
        using var temporary = new TemporaryFolder();
        var lines = Enumerable.Range(0, 50).ToArray();
        var forward = Build(temporary, Paper, [Lines(temporary, lines, "en", "fr")], ["en", "fr"]);
        var backward = Build(temporary, Paper, [Lines(temporary, lines.Reverse(), "en", "fr")], ["en", "fr"]);
        Assert.Equal(forward.Select(Text).Order(StringComparer.Ordinal), backward.Select(Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Text_and_instructions_enter_and_what_is_left_out_is_counted()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("en.txt"), "A first text.\n\n  A second one.  \n");
        File.WriteAllText(temporary.File("tasks.json"), $$"""
            [{"instruction": "Say hello.", "output": "Hello."},
             {"instruction": "Count.", "input": "", "output": "{{new string('1', 600)}}"}]
            """);
        using var builder = new TrainingSetBuilder(temporary.File("data"), Tokenizer, stamp: null, new DataOptions(), seed: 1);
        var english = TextFile.Find(temporary.File("en.txt"));
        builder.AddMonolingual("en", [.. english, .. english]);
        builder.AddInstructions(TextFile.Find(temporary.File("tasks.json")), PromptTemplate.Find("alpaca"));
        var manifest = builder.Complete();
        var entries = ShardSamples.Read(temporary.File("data")).ToList();
        Assert.Equal(["A first text.", "A second one."], entries.Where(entry => entry.Kind == "mono").Select(Text));
        Assert.Single(entries, entry => entry.Kind == "instruction");
        Assert.Equal(1, Assert.Single(manifest.LeftOut).Value);
        Assert.Throws<InvalidOperationException>(() => builder.AddMonolingual("en", english));
    }

    [Fact]
    public void A_cancelled_build_leaves_nothing()
    {
        using var temporary = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var set = Lines(temporary, 20, "en", "fr");
        using (var builder = new TrainingSetBuilder(
            temporary.File("data"), Tokenizer, null, Paper, seed: 1, cancellationToken: cancellation.Token))
        {
            cancellation.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => builder.AddParallel([set], ["en", "fr"], null));
        }

        Assert.Empty(Directory.GetDirectories(temporary.Path));
    }

    private static string Text(TrainingExample example) => Tokenizer.Decode(example.InputIds);

    private static MultiwaySet Lines(TemporaryFolder temporary, int count, params string[] languages) =>
        Lines(temporary, Enumerable.Range(0, count), languages);

    private static MultiwaySet Lines(TemporaryFolder temporary, IEnumerable<int> numbers, params string[] languages) => new(
        languages.ToDictionary(language => language, language =>
        {
            var path = temporary.File($"{Guid.NewGuid()}.{language}");
            File.WriteAllLines(path, numbers.Select(i => $"{language}{i}"));
            return path;
        }));

    private static List<TrainingExample> Build(
        TemporaryFolder temporary, DataOptions options, IReadOnlyList<MultiwaySet> sets, string[] languages, CodeSwitcher? switcher = null)
    {
        BuildManifest(temporary, options, sets, languages, switcher);
        return [.. ShardSamples.Read(temporary.File("data"))];
    }

    private static ShardManifest BuildManifest(
        TemporaryFolder temporary, DataOptions options, IReadOnlyList<MultiwaySet> sets, string[] languages, CodeSwitcher? switcher,
        long seed = 1, int threads = 2)
    {
        using var builder = new TrainingSetBuilder(temporary.File("data"), (Tokenizer)Tokenizer, stamp: null, options, seed, threads);
        builder.AddParallel(sets, languages, switcher);
        return builder.Complete();
    }
}
