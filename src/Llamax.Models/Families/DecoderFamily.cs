using System.Text.Json.Nodes;

namespace Llamax.Models.Families;

/// <summary>A family of causal language models.</summary>
internal sealed record DecoderFamily : Family
{
    /// <summary>Reads the shape from <c>config.json</c>.</summary>
    public required Func<JsonKeys, DecoderConfig> Read { get; init; }

    /// <summary>The keys of <c>config.json</c> that describe a shape, without those that all families share.</summary>
    public required Func<DecoderConfig, JsonObject> Write { get; init; }

    /// <summary>What the weights are called.</summary>
    public required StackNames Names { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<LayerNames> Layers => [Names.Layer];
}
