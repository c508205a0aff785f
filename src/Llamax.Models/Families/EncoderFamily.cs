namespace Llamax.Models.Families;

/// <summary>A family of encoders.</summary>
internal sealed record EncoderFamily : Family
{
    /// <summary>Reads the shape from <c>config.json</c>.</summary>
    public required Func<JsonKeys, EncoderConfig> Read { get; init; }

    /// <summary>What the weights are called.</summary>
    public required StackNames Names { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<LayerNames> Layers => [Names.Layer];
}
