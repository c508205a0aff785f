using Llamax.Models.Families;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Llamax.Models;

/// <summary>An encoder-decoder model: M2M-100, NLLB, Lego-MT, T5 and their relatives.</summary>
public sealed class SequenceToSequenceModel : nn.Module
{
    /// <summary>Takes memory for the weights without filling it.</summary>
    internal SequenceToSequenceModel(SequenceToSequenceConfig config, ScalarType? type, Device? device)
        : base(CausalLanguageModel.NameWithLibraryLoaded("model"))
    {
        Config = config.Checked("model configuration");
        var family = (SequenceToSequenceFamily)FamilyList.Find(config.Decoder.Family)!;
        var shared = !config.SharedEmbedding ? null
            : new Parameter(empty([config.Decoder.VocabularySize, config.Decoder.HiddenSize], type ?? ScalarType.Float32, device ?? CPU));
        Encoder = new EncoderModel(config.Encoder, family.Encoder, shared, type, device);
        var names = shared is null ? family.Decoder : family.Decoder with { Embedding = family.Encoder.Embedding };
        Decoder = new CausalLanguageModel(config.Decoder, names, shared, type, device);
        register_module("encoder", Encoder);
        register_module("decoder", Decoder);
    }

    /// <summary>The model's shape.</summary>
    public SequenceToSequenceConfig Config { get; }

    /// <summary>Reads the source.</summary>
    public EncoderModel Encoder { get; }

    /// <summary>Writes the output: a causal language model that attends to the encoder's states too.</summary>
    public CausalLanguageModel Decoder { get; }

    /// <summary>The weights under the names that the family gives them; what the halves share stands once.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights() =>
        Encoder.Weights().Concat(Decoder.Weights()).DistinctBy(weight => weight.Name, StringComparer.Ordinal);
}
