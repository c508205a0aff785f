using System.Runtime.InteropServices;
using CsCheck;
using Llamax.Models;
using Llamax.Models.Layers;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Translation.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Generation;

/// <summary>The search beside the plain one of <see cref="PlainSearch"/>, and what happens while it runs.</summary>
public sealed class SearchRulesTests : IDisposable
{
    private static readonly int[] Ends = [2, 11];

    private readonly CausalLanguageModel model = new(TinyConfig.WithVocabulary(60) with { MaxPositions = 128 });

    public SearchRulesTests() => model.InitializeWeights(new RandomStream(7, "weights"));

    public void Dispose() => model.Dispose();

    [Fact]
    public void Options_mean_what_the_plain_search_does() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 2], Gen.Double[-1, 2], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[1, 200], Gen.Int[0, 1 << 20]).Sample(
            (beams, early, lengthPenalty, repetition, ngram, budget, seed) =>
            {
                var random = new RandomStream(seed, "prompts");
                var shared = random.Next(2) == 0 ? Array.Empty<int>() : [.. Enumerable.Range(3, 12)];
                Prompt[] prompts = [.. Enumerable.Range(0, 4).Select(_ => new Prompt([1, .. shared, .. Ids(random, random.Next(12)), 4])
                {
                    MaxNewTokens = random.Next(2) == 0 ? null : 1 + random.Next(9),
                    ForcedFirst = random.Next(3) == 0 ? 5 + random.Next(20) : null,
                })];
                var options = new GenerationOptions
                {
                    Beams = beams,
                    Hypotheses = beams,
                    EarlyStopping = beams == 1 ? EarlyStopping.False : (EarlyStopping)early,
                    LengthPenalty = beams == 1 ? 1 : Math.Round(lengthPenalty, 1),
                    RepetitionPenalty = 1 + (repetition * 0.3),
                    NoRepeatNgram = ngram,
                    MaxNewTokens = 12,
                    BatchTokens = budget,
                };
                StopTest? stop = random.Next(2) == 0 ? null : written => written[^1] % 13 == 0;
                var found = new BeamSearch(model, Ends) { Stop = stop }.Generate(prompts, options);
                for (var i = 0; i < prompts.Length; i++)
                {
                    Same(PlainSearch.Run(model, prompts[i], options, Ends, stop), found[i]);
                }
            },
            iter: 12,
            threads: 1);

    /// <summary>On the command line, in recipes and in code alike.</summary>
    [Fact]
    public void What_decides_between_beams_is_refused_where_there_is_one()
    {
        var greedy = new GenerationOptions { Beams = 1 };
        greedy.Validate();
        Assert.Contains("LengthPenalty decides between beams", Assert.Throws<LlamaxException>(() => (greedy with { LengthPenalty = 2 }).Validate()).Message);
        Assert.Contains("EarlyStopping decides between beams", Assert.Throws<LlamaxException>(() => (greedy with { EarlyStopping = EarlyStopping.Never }).Validate()).Message);
        (greedy with { Beams = 2, LengthPenalty = 2, EarlyStopping = EarlyStopping.True }).Validate();
    }

    /// <summary>The source is full of what the text may say: it must not count as repeated.</summary>
    [Theory]
    [InlineData("m2m100")]
    [InlineData("t5_v10")]
    public void Options_mean_the_same_of_encoder_decoder_models_and_count_no_repetition_of_the_source(string fixture)
    {
        using var scope = NewDisposeScope();
        using var whole = ModelFolder.LoadSequenceToSequence(Shared.Path("fixtures", fixture));
        var vocabulary = whole.Decoder.Config.VocabularySize;
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[1, 200], Gen.Int[0, 1 << 20]).Sample(
            (beams, repetition, ngram, budget, seed) =>
            {
                var random = new RandomStream(seed, "prompts");
                Prompt[] prompts = [.. Enumerable.Range(0, 3).Select(_ => new Prompt([whole.Config.StartId])
                {
                    Source = [.. Enumerable.Range(0, 3 + random.Next(100)).Select(_ => 3 + random.Next(vocabulary - 3))],
                    ForcedFirst = random.Next(3) == 0 ? 5 + random.Next(20) : null,
                })];
                var options = new GenerationOptions
                {
                    Beams = beams,
                    Hypotheses = beams,
                    RepetitionPenalty = 1 + (repetition * 0.3),
                    NoRepeatNgram = ngram,
                    MaxNewTokens = 10,
                    BatchTokens = budget,
                };
                var found = new BeamSearch(whole, Ends).Generate(prompts, options);
                for (var i = 0; i < prompts.Length; i++)
                {
                    Same(PlainSearch.Run(whole, prompts[i], options, Ends, null), found[i]);
                }
            },
            iter: 6,
            threads: 1);
    }

    [Fact]
    public void Scores_are_the_same_to_the_last_bit_whatever_texts_run_side_by_side()
    {
        Assert.SkipUnless(Projection.Avx512LeftOut, "Products are this project's own, which do not depend on the number of rows, on processors other than Intel's with AVX-512.");
        using var wide = new CausalLanguageModel(TinyConfig.WithVocabulary(61) with { HiddenSize = 1040, IntermediateSize = 96, HeadSize = 64 });
        wide.InitializeWeights(new RandomStream(5, "weights"));
        var prompts = Prompts(14);
        var options = new GenerationOptions { Beams = 3, Hypotheses = 3, MaxNewTokens = 20 };
        var search = new BeamSearch(wide, Ends);
        var alone = prompts.ConvertAll(prompt => search.Generate([prompt], options)[0]);
        foreach (var budget in new[] { 20, 60, 1 << 20 })
        {
            var found = search.Generate(prompts, options with { BatchTokens = budget });
            Assert.Equal(alone.SelectMany(text => text).Select(each => each.Score), found.SelectMany(text => text).Select(each => each.Score));
        }
    }

    [Fact]
    public void Prompts_are_told_of_as_soon_as_they_are_done_and_then_returned_in_order()
    {
        var prompts = Prompts(9);
        var told = new Dictionary<int, IReadOnlyList<Hypothesis>>();
        var options = new GenerationOptions { Beams = 3, MaxNewTokens = 10, BatchTokens = 30 };
        var found = new BeamSearch(model, Ends).Generate(prompts, options, told.Add);
        Assert.Equal(9, told.Count);
        Assert.All(told, pair => Assert.Same(pair.Value, found[pair.Key]));
    }

    [Fact]
    public void Sentences_enter_while_others_run_within_the_budget()
    {
        var (prompts, most, calls) = (Prompts(12), 0, 0);
        var search = new BeamSearch(model, []) { CacheMeasured = (running, _) => (most, calls) = (Math.Max(most, running), calls + 1) };
        search.Generate([.. prompts.Select((prompt, i) => prompt with { MaxNewTokens = 2 + i })], new GenerationOptions { BatchTokens = 60 });
        Assert.InRange(most, 3, 8);
        Assert.InRange(calls, 13, 40); // One after the other would take 90 steps.
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_memory_the_search_goes_on_with_half_the_budget(bool ofTorch)
    {
        var prompts = Prompts(8);
        var options = new GenerationOptions { Beams = 3, MaxNewTokens = 10 };
        var expected = new BeamSearch(model, Ends).Generate(prompts, options);
        var budgets = new List<int>();
        var search = new BeamSearch(model, Ends)
        {
            BudgetHalved = budgets.Add,
            BeforeReading = (tokens, wanted) =>
            {
                if (wanted > 8)
                {
                    TakeTooMuch(ofTorch);
                }
            },
        };
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var found = search.Generate(prompts, options);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.NotEmpty(budgets);
        Assert.Equal(budgets.OrderDescending(), budgets);
        for (var i = 0; i < prompts.Count; i++)
        {
            Same(expected[i], found[i]);
        }
    }

    [Fact]
    public void Fewer_texts_run_where_the_cache_takes_more_than_is_free_and_the_search_remembers_it()
    {
        var prompts = Prompts(9);
        var options = new GenerationOptions { Beams = 2, MaxNewTokens = 30 };
        var (expected, most) = (new List<IReadOnlyList<Hypothesis>>(), 0L);
        expected.AddRange(new BeamSearch(model, []) { CacheMeasured = (_, bytes) => most = Math.Max(most, bytes) }.Generate(prompts, options));
        var (budgets, running) = (new List<int>(), 0);
        var search = new BeamSearch(model, []) { BudgetHalved = budgets.Add, CacheBound = () => most / 2, CacheMeasured = (count, _) => running = Math.Max(running, count) };
        var found = search.Generate(prompts, options);
        Assert.NotEmpty(budgets);
        for (var i = 0; i < prompts.Count; i++)
        {
            Same(expected[i], found[i]);
        }

        var (before, all) = (budgets.Count, running);
        running = 0;
        search.Generate(prompts, options);
        Assert.Equal(before, budgets.Count);
        Assert.InRange(running, 1, all - 1);

        // Another time it tries whether there is more.
        most = long.MaxValue;
        running = 0;
        for (var i = 0; i < 30; i++)
        {
            search.Generate(prompts, options);
        }

        Assert.Equal(all, running);
    }

    [Theory]
    [InlineData(false, 4, 60)]
    [InlineData(true, 4, 120)]
    public void A_prompt_takes_its_own_tokens_of_the_budget_or_the_room_of_the_longest(bool padded, int count, int tokens)
    {
        int[] sizes = [30, 10, 10, 10];
        var load = sizes.Aggregate(new BatchLoad(padded), (sum, size) => sum.With(size));
        Assert.Equal((count, tokens), (load.Count, load.Tokens));
    }

    [Fact]
    public void Text_that_does_not_fit_alone_is_named_as_the_reason()
    {
        var prompts = Prompts(3);
        var longest = prompts.IndexOf(prompts.MaxBy(prompt => prompt.Ids.Count)!);
        var search = new BeamSearch(model, Ends) { BeforeReading = (_, _) => TakeTooMuch(ofTorch: true) };
        Assert.Contains($"for Prompt {longest + 1} alone", Assert.Throws<LlamaxException>(() => search.Generate(prompts, new GenerationOptions())).Message);
        prompts = prompts.ConvertAll(prompt => prompt with { Name = "Line 7" });
        Assert.Contains("for Line 7 alone", Assert.Throws<LlamaxException>(() => search.Generate(prompts, new GenerationOptions())).Message);
    }

    [Fact]
    public void Rules_change_rows_of_tensors_as_they_change_memory()
    {
        using var scope = NewDisposeScope();
        var options = new GenerationOptions { Beams = 1 };
        BeamSentence[] sentences = [.. Prompts(3).Select((prompt, i) => new BeamSentence(i, prompt with { Ids = [1, 5, 6, 7, 5, 6] }, 100, options))];
        foreach (var onLogits in new[] { false, true })
        {
            var rules = new RowRules(new TokenRules(1.7, 3), sentences, 1, onLogits);
            using var generator = new Generator(3);
            var logits = randn([3, 60], generator: generator) * 3;
            var (fast, plain) = (new CandidateList(5), new CandidateList(5));
            plain.FillByTensors(logits, new float[3], 3, rules);
            fast.Fill(logits, new float[3], 3, rules);
            Assert.Equal(plain.Tokens, fast.Tokens);
            Assert.All(plain.Scores.Zip(fast.Scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.DoesNotContain(7, fast.Tokens);
        }
    }

    [Fact]
    public void Sampled_texts_keep_the_rules_and_stop()
    {
        int[] prompt = [1, 7, 20];
        var options = new GenerationOptions { Beams = 1, MaxNewTokens = 50, NoRepeatNgram = 1, Sampling = new SamplingOptions() };
        var ids = new BeamSearch(model, []).Generate([prompt], options)[0][0].Ids;
        Assert.Equal(53, ids.Concat(prompt).Distinct().Count());
        var stopped = new BeamSearch(model, []) { Stop = written => written.Length == 5 }.Generate([prompt], options)[0][0];
        Assert.Equal(ids.Take(5), stopped.Ids);
    }

    /// <summary>Asks for more memory than any machine has.</summary>
    private static unsafe void TakeTooMuch(bool ofTorch)
    {
        if (ofTorch)
        {
            using var tensor = empty(1L << 50);
        }
        else
        {
            NativeMemory.Free(NativeMemory.Alloc(nuint.MaxValue / 2));
        }
    }

    private static void Same(IReadOnlyList<Hypothesis> expected, IReadOnlyList<Hypothesis> found)
    {
        Assert.Equal(expected.Select(Text), found.Select(Text));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));

        static string Text(Hypothesis hypothesis) => $"{string.Join(' ', hypothesis.Ids)} | {hypothesis.EndId}";
    }

    private static List<Prompt> Prompts(int count)
    {
        var random = new RandomStream(3, "prompts");
        return [.. Enumerable.Range(0, count).Select(_ => new Prompt([1, .. Ids(random, 3 + random.Next(15))]))];
    }

    private static int[] Ids(RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => 3 + random.Next(55))];
}
