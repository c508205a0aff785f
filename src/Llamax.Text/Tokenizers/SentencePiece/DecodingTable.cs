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

    /// <summary>What each id decodes as: the library goes by the piece's text, of which reserved pieces have the say.</summary>
    public PieceType[] Types { get; } = [.. Enumerable.Range(0, pieces.Count).Select(pieces.TypeOfText)];

    /// <summary>Text of each piece, ▁ as space.</summary>
    public string[] Surfaces { get; } = [.. model.Pieces.Select(piece => piece.Text.Replace('▁', ' '))];

    /// <summary>The byte that a piece stands for, or -1.</summary>
    public short[] Bytes { get; } = [.. Enumerable.Range(0, pieces.Count).Select(id => pieces.TypeOfText(id) == PieceType.Byte
        ? short.Parse(pieces[id].Text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : (short)-1)];
}
