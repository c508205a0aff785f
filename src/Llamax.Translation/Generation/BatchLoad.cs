namespace Llamax.Translation.Generation;

/// <summary>What the prompts that run side by side take of a budget of tokens.</summary>
/// <param name="Padded">Whether each takes the room of the longest.</param>
/// <param name="Count">Prompts.</param>
/// <param name="Total">Their tokens.</param>
/// <param name="Longest">Those of the longest.</param>
internal readonly record struct BatchLoad(bool Padded, int Count = 0, long Total = 0, int Longest = 0)
{
    /// <summary>Tokens that count.</summary>
    public long Tokens => Padded ? (long)Count * Longest : Total;

    /// <summary>With another prompt of that many tokens.</summary>
    public BatchLoad With(int size) => new(Padded, Count + 1, Total + size, Math.Max(Longest, size));
}
