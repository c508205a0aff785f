using Llamax.Models;

namespace Llamax.Testing;

/// <summary>The shape of a model that runs in milliseconds and, with its wide weights, does not always say the same.</summary>
internal static class TinyConfig
{
    public static DecoderConfig WithVocabulary(int size) => new()
    {
        VocabularySize = size,
        HiddenSize = 32,
        IntermediateSize = 48,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 8,
        MaxPositions = 640,
        InitializerRange = 0.35,
    };
}
