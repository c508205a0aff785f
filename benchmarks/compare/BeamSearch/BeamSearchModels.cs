using Llamax.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Benchmarks.Compare;

/// <summary>Models with random weights. All have the vocabulary of LLaMA 2, and weights large enough that no two tokens are nearly equal.</summary>
internal static class BeamSearchModels
{
    public static readonly DecoderConfig Large = Llama(2048, 5632, 22, 32, 4) with { TiedEmbeddings = false };

    /// <summary>The shape of that size, or null.</summary>
    public static DecoderConfig? Find(string name) => name switch
    {
        "5M" => Llama(128, 344, 4, 4, 4),
        "41M" => Llama(512, 1376, 8, 8, 8),
        "110M" => Llama(768, 2048, 12, 12, 12),
        _ => null,
    };

    /// <summary>Such a model.</summary>
    public static CausalLanguageModel Create(DecoderConfig config)
    {
        var model = new CausalLanguageModel(config);
        using var grad = no_grad();
        using var generator = new Generator(1);
        foreach (var (_, value) in model.Weights())
        {
            using var scope = NewDisposeScope();
            if (value.dim() == 1)
            {
                value.detach().fill_(1);
            }
            else
            {
                value.detach().copy_(randn(value.shape, generator: generator) * 0.1);
            }
        }

        return model;
    }

    private static DecoderConfig Llama(int width, int inner, int layers, int heads, int shared) => new()
    {
        VocabularySize = 32_000,
        HiddenSize = width,
        IntermediateSize = inner,
        Layers = layers,
        Heads = heads,
        KeyValueHeads = shared,
        HeadSize = width / heads,
        TiedEmbeddings = true,
    };
}
