using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Translation.Generation;
using static TorchSharp.torch;

namespace Llamax.Translation.Tests.Generation;

public class BeamSearchTests
{
    private static readonly GenerationOptions Options = new() { Beams = 4, Hypotheses = 4, MaxNewTokens = 70 };

    /// <summary>70 tokens take four passes over the cache; sentences end at different times, so batches shrink.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(97)]
    public void Results_do_not_depend_on_what_shares_a_batch(int batchTokens)
    {
        using var model = TinyModel();
        var prompts = Prompts(13);
        int[] ends = [2, 11, 22, 33, 44];
        var options = Options with { LengthPenalty = 0, EarlyStopping = EarlyStopping.True };
        var together = new BeamSearch(model, ends).Generate(prompts, options);
        var apart = new BeamSearch(model, ends).Generate(prompts, options with { BatchTokens = batchTokens });
        Assert.True(together.Select(hypotheses => hypotheses[0].Ids.Count).Distinct().Count() > 5);
        for (var i = 0; i < prompts.Count; i++)
        {
            Assert.Equal(4, together[i].Count);
            Assert.Equal(together[i].Select(h => string.Join(' ', h.Ids)), apart[i].Select(h => string.Join(' ', h.Ids)));
            Assert.All(together[i].Zip(apart[i]), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));
        }
    }

    [Fact]
    public void Score_is_the_mean_log_probability_of_the_tokens()
    {
        using var model = TinyModel();
        foreach (var (prompt, hypotheses) in Prompts(5).Zip(new BeamSearch(model).Generate(Prompts(5), Options)))
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            foreach (var hypothesis in hypotheses)
            {
                int[] written = hypothesis.EndId is { } end ? [.. hypothesis.Ids, end] : [.. hypothesis.Ids];
                var ids = tensor(prompt.Concat(written).Select(id => (long)id).ToArray()).unsqueeze(0);
                var hidden = model.Hidden(ids, arange(ids.shape[1]).unsqueeze(0), new Models.Attention.CausalAttention());
                var logs = nn.functional.log_softmax(model.Logits(hidden), -1)[0].narrow(0, prompt.Length - 1, written.Length);
                var sum = logs.gather(1, tensor(written.Select(id => (long)id).ToArray()).unsqueeze(1)).sum().item<float>();
                Assert.Equal(sum / written.Length, hypothesis.Score, 1e-4);
            }
        }
    }

    [Fact]
    public void A_text_stops_where_the_models_positions_end()
    {
        using var model = TinyModel(positions: 24);
        var found = new BeamSearch(model, []).Generate([.. Prompts(1).Select(prompt => prompt[..20])], Options)[0];
        Assert.All(found, hypothesis => Assert.Equal(4, hypothesis.Ids.Count));
    }

    [Fact]
    public void Prompts_that_cannot_be_run_are_refused()
    {
        using var model = TinyModel(positions: 24);
        var search = new BeamSearch(model);
        Assert.Contains("Prompt 2 has 24 tokens", Assert.Throws<LlamaxException>(() => search.Generate([[1], new int[24]], Options)).Message);
        Assert.Contains("no tokens", Assert.Throws<LlamaxException>(() => search.Generate([[]], Options)).Message);
        Assert.Contains("vocabulary of 90", Assert.Throws<LlamaxException>(() => search.Generate([[90]], Options)).Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Contains("Beams", Assert.Throws<LlamaxException>((Options with { Beams = 0 }).Validate).Message);
        Assert.Contains("5 hypotheses", Assert.Throws<LlamaxException>((Options with { Hypotheses = 5 }).Validate).Message);
    }

    [Fact]
    public void A_search_can_be_cancelled()
    {
        using var model = TinyModel();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => new BeamSearch(model).Generate(Prompts(2), Options, cancellation.Token));
    }

    [Fact]
    public void No_tensor_outlives_a_search()
    {
        using var model = TinyModel();
        var search = new BeamSearch(model);
        search.Generate(Prompts(3), Options with { MaxNewTokens = 5 });
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        search.Generate(Prompts(5), Options);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static CausalLanguageModel TinyModel(int positions = 256)
    {
        var model = new CausalLanguageModel(TinyConfig.WithVocabulary(90) with { MaxPositions = positions });
        model.InitializeWeights(new RandomStream(7, "weights"));
        return model;
    }

    private static List<int[]> Prompts(int count)
    {
        var random = new RandomStream(3, "prompts");
        return [.. Enumerable.Range(0, count).Select(i =>
            Enumerable.Range(0, i == 0 ? 22 : 1 + random.Next(25)).Select(j => j == 0 ? 1 : 3 + random.Next(80)).ToArray())];
    }
}
