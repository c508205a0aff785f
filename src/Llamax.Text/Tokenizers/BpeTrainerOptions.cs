using System.ComponentModel.DataAnnotations;

namespace Llamax.Text.Tokenizers;

/// <summary>How a byte-pair encoding is trained. The defaults are SentencePiece's, but for byte fallback and kept spaces, which are LLaMA's.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>Number of pieces, control symbols, bytes and characters included. Default 32000.</summary>
    [Range(10, 1_000_000)]
    public int VocabularySize { get; init; } = 32_000;

    /// <summary>Share of the corpus's characters that get a piece of their own; the rare rest is left to bytes. Default 0.9995.</summary>
    [Range(0.9, 1.0)]
    public double CharacterCoverage { get; init; } = 0.9995;

    /// <summary>Whether the vocabulary holds the 256 bytes, so that every text can be expressed. Default true.</summary>
    public bool ByteFallback { get; init; } = true;

    /// <summary>Strings that always are one piece.</summary>
    public IReadOnlyList<string> UserSymbols { get; init; } = [];

    /// <summary>Whether <c>&lt;pad&gt;</c> is added, as id 3. Default false, as in LLaMA.</summary>
    public bool PadSymbol { get; init; }

    /// <summary>Length of the longest piece in characters. Default 16.</summary>
    [Range(1, 512)]
    public int MaxPieceLength { get; init; } = 16;

    /// <summary>Whether each of the digits 0 to 9 (and their full-width forms) stays alone. Default false.</summary>
    public bool SplitDigits { get; init; }

    /// <summary>Whether pieces end at spaces. Default true.</summary>
    public bool SplitByWhitespace { get; init; } = true;

    /// <summary>Whether a piece holds characters of one Unicode script only (Han and kana count as one). Default true.</summary>
    public bool SplitByUnicodeScript { get; init; } = true;

    /// <summary>Whether digits count as a script of their own kind, so that no piece mixes them with letters. Default true.</summary>
    public bool SplitByNumber { get; init; } = true;

    /// <summary>Whether a space is put before each text, so that a word is the same piece wherever it stands. Default true.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether spaces at the ends and doubled ones are taken away; decoding then does not give the text back. Default false.</summary>
    public bool RemoveExtraWhitespaces { get; init; }
}
