using System.Globalization;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>What a piece stands for; the numbers are those of the file.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>How a model cuts text; the numbers are those of the file.</summary>
internal enum ModelType
{
    Unigram = 1,
    Bpe = 2,
    Word = 3,
    Character = 4,
}

/// <summary>One entry of the vocabulary; its id is its place.</summary>
internal readonly record struct Piece(string Text, float Score, PieceType Type)
{
    /// <summary>How the file writes a byte.</summary>
    public static string ForByte(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");
}

/// <summary>How text is normalised before it is cut. The defaults are those of the file format.</summary>
internal sealed record NormalizerSpec
{
    public string Name { get; init; } = "";

    /// <summary>Length of the double array (4 bytes), the double array, the replacement strings; empty: no replacements.</summary>
    public byte[] CharacterMap { get; init; } = [];

    public bool AddDummyPrefix { get; init; } = true;

    public bool RemoveExtraWhitespaces { get; init; } = true;

    public bool EscapeWhitespaces { get; init; } = true;
}

/// <summary>
/// What a SentencePiece <c>.model</c> file holds and the tokenizer needs. The defaults are those of the file format
/// (sentencepiece_model.proto).
/// </summary>
internal sealed record SentencePieceModel
{
    public IReadOnlyList<Piece> Pieces { get; init; } = [];

    public ModelType Type { get; init; } = ModelType.Unigram;

    public bool ByteFallback { get; init; }

    public bool TreatWhitespaceAsSuffix { get; init; }

    public string UnknownPiece { get; init; } = "<unk>";

    public string BosPiece { get; init; } = "<s>";

    public string EosPiece { get; init; } = "</s>";

    public string PadPiece { get; init; } = "<pad>";

    /// <summary>What the unknown id decodes to.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    public NormalizerSpec Normalizer { get; init; } = new();

    /// <summary>Applied to decoded text where it has a character map.</summary>
    public NormalizerSpec? Denormalizer { get; init; }
}
