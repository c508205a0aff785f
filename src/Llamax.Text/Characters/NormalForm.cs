using Llamax.Text.Tokenizers.HuggingFace.Normalizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Characters;

/// <summary>
/// Unicode normalisation (Unicode Standard Annex 15, data of Unicode 9), which .NET leaves out without a word where
/// globalization is invariant. One thread at a time.
/// </summary>
public sealed class NormalForm
{
    private static readonly UnicodeNormalizer Decomposer = new(compatible: true, compose: false);

    private readonly UnicodeNormalizer composer = new(compatible: false, compose: true);
    private readonly ByteBuffer output = new();
    private readonly List<int> scratch = [];

    /// <summary>A text's normal form C, valid until the next call.</summary>
    /// <param name="utf8">Well-formed UTF-8.</param>
    public ReadOnlySpan<byte> Compose(ReadOnlySpan<byte> utf8)
    {
        output.Truncate(0);
        composer.Apply(utf8, output, scratch);
        return output.Written;
    }

    /// <summary>What a character is made of in normal form KD, a Hangul syllable of its letters; itself where that is all.</summary>
    /// <param name="character">A code point.</param>
    public static IReadOnlyList<int> Parts(int character)
    {
        var parts = new List<int>();
        Decomposer.Decompose(character, parts);
        return parts;
    }
}
