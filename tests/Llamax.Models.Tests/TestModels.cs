using Llamax.Text.Randomness;

namespace Llamax.Models.Tests;

internal static class TestModels
{
    public static DecoderConfig Config(int keyValueHeads, bool tied = false, bool bias = false) => new()
    {
        VocabularySize = 50,
        HiddenSize = 32,
        IntermediateSize = 44,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = keyValueHeads,
        HeadSize = 8,
        TiedEmbeddings = tied,
        AttentionBias = bias,
        AttentionOutBias = bias,
        FeedForwardBias = bias,
        InitializerRange = 0.2,
    };

    public static CausalLanguageModel Small(int keyValueHeads, bool tied = false, bool bias = false)
    {
        var model = new CausalLanguageModel(Config(keyValueHeads, tied, bias));
        model.InitializeWeights(new RandomStream(5, "test model"));
        return model;
    }
}
