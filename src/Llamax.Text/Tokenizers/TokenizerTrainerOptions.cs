using System.ComponentModel.DataAnnotations;

namespace Llamax.Text.Tokenizers;

/// <summary>What the training of every kind of tokenizer asks. The defaults are SentencePiece's, but for byte fallback and kept spaces, which are LLaMA's.</summary>
public abstract record TokenizerTrainerOptions
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

    /// <summary>Pieces that no text turns into, for a program to use.</summary>
    public IReadOnlyList<string> ControlSymbols { get; init; } = [];

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

    /// <summary>How text is normalised: identity, nfkc, nmt_nfkc, nfkc_cf or nmt_nfkc_cf. Default identity.</summary>
    [AllowedValues("identity", "nfkc", "nmt_nfkc", "nfkc_cf", "nmt_nfkc_cf",
        ErrorMessage = "Normalizer: take one of identity, nfkc, nmt_nfkc, nfkc_cf, nmt_nfkc_cf.")]
    public string Normalizer { get; init; } = "identity";

    /// <summary>Whether a space is put before each text, so that a word is the same piece wherever it stands. Default true.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether spaces at the ends and doubled ones are taken away; decoding then does not give the text back. Default false.</summary>
    public bool RemoveExtraWhitespaces { get; init; }

    /// <summary>Longer sentences are left out, in bytes of UTF-8. Default 4192.</summary>
    [Range(1, int.MaxValue)]
    public int MaxSentenceBytes { get; init; } = 4192;

    /// <summary>At most so many sentences are used, drawn at random from all; 0 for all. Default 0.</summary>
    [Range(0, int.MaxValue)]
    public int MaxSentences { get; init; }

    /// <summary>At most so many bytes of sentences are used, 64 more counted for each one, drawn at random from all and held in memory; 0 for all. Default 0.</summary>
    [Range(0L, long.MaxValue)]
    public long MaxBytes { get; init; }

    /// <summary>Seed of the draws. Default 0.</summary>
    public long SamplingSeed { get; init; }
}
