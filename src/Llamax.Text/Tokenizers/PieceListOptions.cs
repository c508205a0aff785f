namespace Llamax.Text.Tokenizers;

/// <summary>What a list of pieces does not say about the model that it came from.</summary>
public sealed record PieceListOptions
{
    /// <summary><c>bpe</c>, <c>unigram</c>, or null: BPE where all scores are whole numbers (ranks), as training writes them.</summary>
    public string? Type { get; init; }

    /// <summary>How text is normalised: identity, nfkc, nmt_nfkc, nfkc_cf or nmt_nfkc_cf. Default identity.</summary>
    public string Normalizer { get; init; } = "identity";

    /// <summary>A SentencePiece model whose normalisation is taken, whitespace rules included, in place of the named one.</summary>
    public string? NormalizerFrom { get; init; }
}
