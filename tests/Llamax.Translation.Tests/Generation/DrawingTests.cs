using CsCheck;
using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Translation.Generation;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Generation;

public sealed class DrawingTests
{
    private static readonly int[] Prompt = [1, 7, 20, 55, 8];

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1e-6, 0, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 0, 0)]
    public void The_narrowest_choice_is_the_greedy_one(double temperature, int topK, double topP)
    {
        using var model = TinyModel();
        var search = new BeamSearch(model, [2]);
        var greedy = new GenerationOptions { Beams = 1, MaxNewTokens = 40 };
        var found = search.Generate([Prompt], greedy with { Sampling = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP } });
        Assert.Equal(search.Generate([Prompt], greedy)[0][0].Ids, found[0][0].Ids);
    }

    [Fact]
    public void The_seed_decides_the_text()
    {
        using var model = TinyModel();
        Assert.Equal(Draw(model, [2], 42).Ids, Draw(model, [2], 42).Ids);
        Assert.NotEqual(Draw(model, [2], 42).Ids, Draw(model, [2], 43).Ids);
    }

    [Fact]
    public void A_text_ends_with_an_end_token_and_where_the_positions_end()
    {
        using var model = TinyModel(positions: 24);
        Assert.Equal((19, null), (Draw(model, [], 42).Ids.Count, Draw(model, [], 42).EndId));
        var ended = Draw(model, [.. Enumerable.Range(0, 90)], 42);
        Assert.Empty(ended.Ids);
        Assert.NotNull(ended.EndId);
    }

    [Fact]
    public void Options_that_contradict_drawing_are_refused()
    {
        using var model = TinyModel();
        var search = new BeamSearch(model);
        foreach (var (options, message) in new (GenerationOptions, string)[]
        {
            (new GenerationOptions { Beams = 2, Sampling = new SamplingOptions() }, "2 beams"),
            (new GenerationOptions { Beams = 1, Sampling = new SamplingOptions { TopP = 1.5 } }, "TopP"),
            (new GenerationOptions { Beams = 1, Sampling = new SamplingOptions { Temperature = double.NaN } }, "Temperature"),
        })
        {
            Assert.Contains(message, Assert.Throws<LlamaxException>(() => search.Generate([Prompt], options)).Message);
        }
    }

    /// <summary>What runs beside a text, and when it enters, changes neither its tokens nor its score, which is the model's.</summary>
    [Theory]
    [InlineData("llama2")]
    [InlineData("m2m100")]
    [InlineData("t5_v11")]
    public void Texts_are_drawn_by_themselves_and_scored_as_the_model_has_them(string name)
    {
        var folder = Shared.Path("fixtures", name);
        using var whole = ConfigFile.KindOf(folder) == ModelKind.EncoderDecoder ? ModelFolder.LoadSequenceToSequence(folder) : null;
        using var alone = whole is null ? ModelFolder.Load(folder) : null;
        var model = whole?.Decoder ?? alone!;
        var search = whole is null ? new BeamSearch(model) : new BeamSearch(whole);
        var random = new RandomStream(3, "prompts");
        var prompts = Enumerable.Range(0, 7).Select(i => whole is null
            ? new Prompt([1, .. Ids(random, 2 + i)])
            : new Prompt([whole.Config.StartId]) { Source = [.. Ids(random, 3 + (3 * i)), 2], ForcedFirst = i % 2 == 0 ? 9 : null }).ToList();
        var options = new GenerationOptions { Beams = 1, MaxNewTokens = 14, Sampling = new SamplingOptions { Temperature = 1.3, TopK = 40 } };
        var together = search.Generate(prompts, options);
        var inTurns = search.Generate([.. Enumerable.Reverse(prompts)], options with { BatchTokens = 20 }).Reverse().ToList();
        Assert.InRange(together.Select(found => string.Join(' ', found[0].Ids)).Distinct(StringComparer.Ordinal).Count(), 5, 7); // Two may end at once.
        for (var i = 0; i < prompts.Count; i++)
        {
            Assert.Equal(together[i][0].Ids, inTurns[i][0].Ids);
            var length = together[i][0].Ids.Count + (together[i][0].EndId is null ? 0 : 1);
            Assert.Equal(together[i][0].Score * length, LogProbability(model, whole, prompts[i], together[i][0]), 1e-3);
        }
    }

    [Fact]
    public void Tokens_of_one_beam_are_told_as_they_come()
    {
        using var model = TinyModel();
        foreach (var sampling in new[] { null, new SamplingOptions() })
        {
            var told = new List<int>[] { [], [] };
            var search = new BeamSearch(model, [.. Enumerable.Range(60, 6)]) { Written = (prompt, token) => told[prompt].Add(token), Stop = written => written[^1] % 11 == 0 };
            var found = search.Generate([Prompt, [1, 9]], new GenerationOptions { Beams = 1, MaxNewTokens = 30, Sampling = sampling });
            Assert.Equal(found.Select(each => each[0].Ids), told);
            Assert.NotEqual(30, told[0].Count);
        }
    }

    /// <summary>Frequencies of 40,000 draws lie within five standard deviations of the probabilities.</summary>
    [Theory]
    [InlineData(1, 0, 1, new[] { 0.1, 0.4, 0.2, 0.3 })]
    [InlineData(0.5, 0, 1, new[] { 0.01 / 0.3, 0.16 / 0.3, 0.04 / 0.3, 0.09 / 0.3 })]
    [InlineData(1, 2, 1, new[] { 0, 4 / 7.0, 0, 3 / 7.0 })]
    [InlineData(1, 0, 0.85, new[] { 0, 4 / 9.0, 2 / 9.0, 3 / 9.0 })]
    [InlineData(1, 3, 0.6, new[] { 0, 4 / 7.0, 0, 3 / 7.0 })]
    public void Tokens_come_as_often_as_they_are_likely(double temperature, int topK, double topP, double[] expected)
    {
        const int Draws = 40_000;
        float[] logits = [.. new[] { 0.1, 0.4, 0.2, 0.3 }.Select(probability => 3 + (float)Math.Log(probability))];
        var sampler = new TokenSampler(
            new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP }, new RandomStream(5, "draws"));
        var counts = new int[4];
        for (var i = 0; i < Draws; i++)
        {
            counts[sampler.Next(logits)!.Value]++;
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i], counts[i] / (double)Draws, 5 * Math.Sqrt(expected[i] * (1 - expected[i]) / Draws));
        }
    }

    /// <summary>Beside the rule as it reads, which sorts all tokens; many of them are equally likely.</summary>
    [Fact]
    public void Tokens_are_those_that_sorting_the_whole_vocabulary_gives() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[0, 40], Gen.OneOf(Gen.Const(1.0), Gen.Double[0, 1]), Gen.Double[0.2, 3], Gen.Int[0, 1 << 20]).Sample(
            (vocabulary, topK, topP, temperature, seed) =>
            {
                var noise = new RandomStream(seed, "logits");
                float[] logits = [.. Enumerable.Range(0, vocabulary).Select(_ => noise.Next(5) == 0 ? float.NegativeInfinity : noise.Next(12) / 2f)];
                logits[noise.Next(vocabulary)] = 1;
                var options = new SamplingOptions { TopK = topK, TopP = topP, Temperature = temperature };
                var (sampler, plain) = (new TokenSampler(options, new RandomStream(seed, "draws")), new RandomStream(seed, "draws"));
                for (var draw = 0; draw < 20; draw++)
                {
                    Assert.Equal(Plain(logits, options, plain), sampler.Next(logits));
                }
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void Settings_without_drawing_are_written_as_they_were() =>
        Assert.DoesNotContain("Sampling", System.Text.Json.JsonSerializer.Serialize(new GenerationOptions()));

    [Fact]
    public void Tokens_without_probability_are_never_drawn_and_broken_logits_are_named()
    {
        var sampler = new TokenSampler(new SamplingOptions { Temperature = 100 }, new RandomStream(1, "draws"));
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(sampler.Next([float.NegativeInfinity, 1, 2, float.NegativeInfinity])!.Value, 1, 2);
        }

        Assert.Null(sampler.Next([1, float.NaN]));
        Assert.Null(sampler.Next([float.NegativeInfinity, float.NegativeInfinity]));
        using var model = TinyModel();
        using (no_grad())
        {
            model.OutputWeight.fill_(float.NaN);
        }

        Assert.Contains("not numbers", Assert.Throws<LlamaxException>(() => Draw(model, [2], 1)).Message);
    }

    private static int Plain(float[] logits, SamplingOptions options, RandomStream random)
    {
        if (options.TopK == 1)
        {
            return Array.IndexOf(logits, logits.Max());
        }

        var isLimited = (options.TopK > 0 && options.TopK < logits.Length) || options.TopP < 1;
        var tokens = logits.Select((logit, id) => (Id: id, Weight: Math.Exp(((double)logit - logits.Max()) / options.Temperature))).ToList();
        if (isLimited)
        {
            tokens = [.. tokens.OrderByDescending(token => token.Weight).ThenBy(token => token.Id).Take(options.TopK == 0 ? logits.Length : options.TopK)];
            var (wanted, reached) = (options.TopP * tokens.Sum(token => token.Weight), 0.0);
            tokens = options.TopP == 1 ? tokens : [.. tokens.TakeWhile((token, i) =>
            {
                var isBefore = i == 0 || reached < wanted;
                reached += token.Weight;
                return isBefore;
            })];
        }

        var point = random.NextDouble() * tokens.Sum(token => token.Weight);
        foreach (var token in tokens)
        {
            point -= token.Weight;
            if (point < 0)
            {
                return token.Id;
            }
        }

        return tokens.Last(token => token.Weight > 0).Id;
    }

    private static Hypothesis Draw(CausalLanguageModel model, int[] ends, long seed) => new BeamSearch(model, ends).Generate(
        [Prompt], new GenerationOptions { Beams = 1, MaxNewTokens = 40, Sampling = new SamplingOptions { Seed = seed } })[0][0];

    /// <summary>The logarithm of the probability of a text, end included, from one reading of all of it.</summary>
    private static double LogProbability(CausalLanguageModel model, SequenceToSequenceModel? whole, Prompt prompt, Hypothesis text)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        AttentionContext attention = new CausalAttention();
        if (whole is not null)
        {
            var source = tensor(prompt.Source!.Select(id => (long)id).ToArray()).unsqueeze(0);
            var mask = ones_like(source);
            attention = new EncoderDecoderAttention(attention, model.CrossKeyValues(whole.Encoder.Hidden(source, mask)), mask);
        }

        int[] written = [.. text.Ids, .. text.EndId is { } end ? new[] { end } : []];
        long[] ids = [.. prompt.Ids, .. written];
        var scores = model.Logits(model.Hidden(tensor(ids).unsqueeze(0), arange(ids.Length).unsqueeze(0), attention))[0].log_softmax(-1);
        return Enumerable.Range(prompt.ForcedFirst is null ? 0 : 1, written.Length - (prompt.ForcedFirst is null ? 0 : 1))
            .Sum(i => scores[prompt.Ids.Count + i - 1, written[i]].item<float>());
    }

    private static int[] Ids(RandomStream random, int count) => [.. Enumerable.Range(0, count).Select(_ => 3 + random.Next(80))];

    private static CausalLanguageModel TinyModel(int positions = 256)
    {
        var model = new CausalLanguageModel(TinyConfig.WithVocabulary(90) with { MaxPositions = positions });
        model.InitializeWeights(new RandomStream(7, "weights"));
        return model;
    }
}
