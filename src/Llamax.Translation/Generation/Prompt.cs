namespace Llamax.Translation.Generation;

/// <summary>What a model writes on from.</summary>
/// <param name="Ids">Token ids, BOS included; of an encoder-decoder model what the decoder begins with. At least one.</param>
public sealed record Prompt(IReadOnlyList<int> Ids)
{
    /// <summary>
    /// A token that the text must begin with, such as the language's in M2M-100. It is read together with <see cref="Ids"/>;
    /// it counts as written, with a log-probability of 0.
    /// </summary>
    public int? ForcedFirst { get; init; }

    /// <summary>Most tokens that are written for this prompt; as the options say where null.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>The encoder's token ids, for encoder-decoder models.</summary>
    public IReadOnlyList<int>? Source { get; init; }

    /// <summary>What messages call it; its number among the prompts where null.</summary>
    public string? Name { get; init; }

    /// <summary>All that is read, as a text.</summary>
    internal string Content => $"{string.Join(' ', Source ?? [])} | {string.Join(' ', Ids)} | {ForcedFirst}";

    /// <summary>What messages call it.</summary>
    /// <param name="index">Its place among the prompts, from 0.</param>
    internal string Called(int index) => Name ?? $"Prompt {index + 1}";

    /// <summary>What a search counts against its budget: all tokens that are read.</summary>
    internal int Size => Ids.Count + (Source?.Count ?? 0) + (ForcedFirst is null ? 0 : 1);
}
