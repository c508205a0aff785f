namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>A sequence of symbols that may be too long to be laid out in memory.</summary>
internal interface ISymbolSource
{
    /// <summary>Reads symbols.</summary>
    /// <param name="place">Where to begin: 0 or what <see cref="Skip"/> gave.</param>
    /// <param name="symbols">Receives the symbols from its start on.</param>
    /// <returns>How many there were; fewer than there is room for only at the end of the sequence.</returns>
    int Read(int place, Span<int> symbols);

    /// <summary>The place that many symbols further on.</summary>
    int Skip(int place, int count);
}
