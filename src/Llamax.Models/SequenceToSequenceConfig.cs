namespace Llamax.Models;

/// <summary>The shape of an encoder-decoder model.</summary>
public sealed record SequenceToSequenceConfig
{
    /// <summary>Reads the source.</summary>
    public required EncoderConfig Encoder { get; init; }

    /// <summary>Writes the output.</summary>
    public required DecoderConfig Decoder { get; init; }

    /// <summary>The id from which the decoder starts.</summary>
    public required int StartId { get; init; }

    /// <summary>Whether the halves share one embedding; Lego-MT's may each have their own.</summary>
    public bool SharedEmbedding { get; init; } = true;

    /// <summary>The same configuration where it is consistent.</summary>
    /// <param name="source">What the message names: a file.</param>
    /// <exception cref="LlamaxException">Values that contradict one another or are out of range.</exception>
    public SequenceToSequenceConfig Checked(string source)
    {
        Encoder.Checked(source);
        Decoder.Checked(source);
        Decoder.CheckId(source, StartId);
        return Encoder.HiddenSize == Decoder.HiddenSize && Encoder.VocabularySize == Decoder.VocabularySize ? this
            : throw new LlamaxException($"{source}: encoder and decoder differ in width or vocabulary, which they share.");
    }
}
