namespace Llamax.Models.Families;

/// <summary>A family of encoder-decoder models.</summary>
internal sealed record SequenceToSequenceFamily : Family
{
    /// <summary>Reads the shape from <c>config.json</c>.</summary>
    public required Func<JsonKeys, SequenceToSequenceConfig> Read { get; init; }

    /// <summary>What the encoder's weights are called.</summary>
    public required StackNames Encoder { get; init; }

    /// <summary>What the decoder's weights are called.</summary>
    public required StackNames Decoder { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<LayerNames> Layers => [Encoder.Layer, Decoder.Layer];
}
