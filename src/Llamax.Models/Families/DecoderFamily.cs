namespace Llamax.Models.Families;

/// <summary>A family of causal language models.</summary>
internal sealed record DecoderFamily : Family
{
    /// <summary>Reads the shape from <c>config.json</c>.</summary>
    public required Func<JsonKeys, DecoderConfig> Read { get; init; }

    /// <summary>What the weights are called.</summary>
    public required StackNames Names { get; init; }
}
