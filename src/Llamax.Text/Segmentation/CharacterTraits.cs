using System.Globalization;
using System.Text;

namespace Llamax.Text.Segmentation;

/// <summary>
/// What each character of the basic plane is to words and to clusters, found out once by asking the runtime about each.
/// With it most clusters are found without the runtime.
/// </summary>
internal static class CharacterTraits
{
    /// <summary>The bits that hold an <see cref="ElementKind"/>: the character's where it stands first.</summary>
    public const byte KindMask = 0b11;

    /// <summary>It belongs to the cluster before it, as marks do.</summary>
    public const byte Extends = 4;

    /// <summary>It may tie what follows to the cluster: joiners, viramas.</summary>
    public const byte Links = 8;

    /// <summary>Its cluster does not simply reach over what extends it: surrogates, Hangul, controls, signs that take the next character.</summary>
    public const byte IsIrregular = 16;

    /// <summary>A letter of a script without spaces with which no word begins.</summary>
    public const byte BeginsNone = 32;

    /// <summary>A letter of a script without spaces whose neighbours say whether a word may begin with it.</summary>
    public const byte DependsOnNeighbours = 64;

    /// <summary>A letter that such a neighbour may be.</summary>
    public const byte Ties = 128;

    private const char Acute = '\u0301';
    private const char Consonant = '\u0915'; // Devanagari ka: takes part in conjuncts.

    private static readonly Lazy<byte[]> Traits = new(() => [.. Enumerable.Range(0, 0x10000).Select(code => Find((char)code))]);

    /// <summary>By code point.</summary>
    public static byte[] Basic => Traits.Value;

    private static byte Find(char character)
    {
        if (char.IsSurrogate(character))
        {
            return IsIrregular;
        }

        var traits = (byte)TextElement.Kind(new Rune(character));
        if (traits == (byte)ElementKind.Unspaced)
        {
            traits |= WordBoundary.BeginsNone(character) ? BeginsNone : WordBoundary.DependsOnNeighbours(character) ? DependsOnNeighbours : (byte)0;
        }

        traits |= WordBoundary.Ties(character) ? Ties : (byte)0;
        traits |= Length('!', character) == 2 ? Extends : (byte)0;
        traits |= character == '\u200D' || Length(Consonant, character, Consonant) == 3 ? Links : (byte)0;
        var regular = character != '\r' && Length(character, Acute) == 2 && Length(character, '!') == 1 && !IsHangul(character);
        return (byte)(traits | (regular ? 0 : IsIrregular));
    }

    private static bool IsHangul(char character) => character is (>= '\u1100' and <= '\u11FF') or (>= '\uA960' and <= '\uA97F') or (>= '\uAC00' and <= '\uD7FF');

    private static int Length(params ReadOnlySpan<char> text) => StringInfo.GetNextTextElementLength(text);
}
