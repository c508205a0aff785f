namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>Two neighbouring symbols that may become one. Symbols and ranks are not negative.</summary>
/// <param name="Left">The symbol on the left.</param>
/// <param name="Right">The symbol on the right.</param>
/// <param name="Rank">The lowest rank is merged first, the leftmost first among equals.</param>
/// <param name="Result">The symbol that stands for both afterwards.</param>
internal readonly record struct Merge(int Left, int Right, int Rank, int Result);
