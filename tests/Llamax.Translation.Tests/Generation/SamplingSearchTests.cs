using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Translation.Generation;

namespace Llamax.Translation.Tests.Generation;

public class SamplingSearchTests
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
        var greedy = new BeamSearch(model, [2]).Generate([Prompt], new GenerationOptions { Beams = 1, MaxNewTokens = 40 })[0][0];
        var options = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, MaxNewTokens = 40 };
        Assert.Equal(greedy.Ids, new SamplingSearch(model, [2]).Generate(Prompt, options));
    }

    [Fact]
    public void The_seed_decides_the_text()
    {
        using var model = TinyModel();
        var search = new SamplingSearch(model, [2]);
        var options = new SamplingOptions { MaxNewTokens = 40 };
        Assert.Equal(search.Generate(Prompt, options), search.Generate(Prompt, options));
        Assert.NotEqual(search.Generate(Prompt, options), search.Generate(Prompt, options with { Seed = 43 }));
    }

    [Fact]
    public void A_text_ends_with_an_end_token_and_where_the_positions_end()
    {
        using var model = TinyModel(positions: 24);
        Assert.Equal(19, new SamplingSearch(model, []).Generate(Prompt, new SamplingOptions()).Count);
        Assert.Empty(new SamplingSearch(model, [.. Enumerable.Range(0, 90)]).Generate(Prompt, new SamplingOptions()));
        Assert.Contains("no tokens", Assert.Throws<LlamaxException>(() => new SamplingSearch(model).Generate([], new SamplingOptions())).Message);
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
            counts[sampler.Next(logits)]++;
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i], counts[i] / (double)Draws, 5 * Math.Sqrt(expected[i] * (1 - expected[i]) / Draws));
        }
    }

    [Fact]
    public void Tokens_without_probability_are_never_drawn_and_broken_logits_are_named()
    {
        var sampler = new TokenSampler(new SamplingOptions { Temperature = 100 }, new RandomStream(1, "draws"));
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(sampler.Next([float.NegativeInfinity, 1, 2, float.NegativeInfinity]), 1, 2);
        }

        Assert.Contains("not numbers", Assert.Throws<LlamaxException>(() => sampler.Next([1, float.NaN])).Message);
    }

    private static CausalLanguageModel TinyModel(int positions = 256)
    {
        var model = new CausalLanguageModel(TinyConfig.WithVocabulary(90) with { MaxPositions = positions });
        model.InitializeWeights(new RandomStream(7, "weights"));
        return model;
    }
}
