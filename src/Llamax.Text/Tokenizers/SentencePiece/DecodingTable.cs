using System.Globalization;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>What decoding needs of a model, made once.</summary>
internal sealed class DecodingTable(SentencePieceModel model, PieceTable pieces)
{
    public SentencePieceModel Model => model;

    public PieceTable Pieces => pieces;

    /// <summary>Applied to decoded text; null where the model has none.</summary>
    public Normalizer? Denormalizer { get; } =
        model.Denormalizer is { CharacterMap.Length: > 0 } spec ? new Normalizer(spec) : null;

    /// <summary>Text of each piece, ▁ as space.</summary>
    public string[] Surfaces { get; } = [.. model.Pieces.Select(piece => piece.Text.Replace('▁', ' '))];

    /// <summary>The byte that a piece stands for, or -1.</summary>
    public int[] Bytes { get; } = [.. model.Pieces.Select(piece => piece.Type == PieceType.Byte
        ? int.Parse(piece.Text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : -1)];
}
