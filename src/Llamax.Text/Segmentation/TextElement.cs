using System.Globalization;
using System.Text;
using Llamax.Text.Characters;

namespace Llamax.Text.Segmentation;

/// <summary>What a character as readers see it is to words.</summary>
internal enum ElementKind
{
    /// <summary>Space, punctuation, symbol.</summary>
    Other,

    /// <summary>A letter or digit of a script that puts spaces between words.</summary>
    Spaced,

    /// <summary>A letter of a script that runs words together.</summary>
    Unspaced,

    /// <summary>An apostrophe or hyphen: belongs to the word if it stands inside one.</summary>
    Joiner,
}

/// <summary>Steps through a text by grapheme clusters, so that no mark is parted from its base.</summary>
internal static class TextElement
{
    private static readonly HashSet<string> UnspacedScripts =
        ["Han", "Hiragana", "Katakana", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"];

    /// <summary>The end of the element that begins at <paramref name="start"/>, and its kind, which its first character decides.</summary>
    public static int End(ReadOnlySpan<char> text, int start, out ElementKind kind)
    {
        if (char.IsAscii(text[start]) && (start + 1 == text.Length || char.IsAscii(text[start + 1])))
        {
            kind = char.IsAsciiLetterOrDigit(text[start]) ? ElementKind.Spaced
                : text[start] is '\'' or '-' ? ElementKind.Joiner : ElementKind.Other;
            return start + 1;
        }

        var traits = CharacterTraits.Basic;
        var own = traits[text[start]];
        kind = (ElementKind)(own & CharacterTraits.KindMask);
        if ((own & CharacterTraits.IsIrregular) == 0)
        {
            var end = start + 1;
            while (end < text.Length && (traits[text[end]] & (CharacterTraits.Extends | CharacterTraits.Links)) == CharacterTraits.Extends)
            {
                end++;
            }

            if (end == text.Length || (traits[text[end]] & CharacterTraits.Links) == 0 && !char.IsSurrogate(text[end]))
            {
                return end;
            }
        }

        return EndOfCluster(text, start, out kind);
    }

    /// <summary>The same by the runtime's grapheme clusters, however the characters hang together.</summary>
    internal static int EndOfCluster(ReadOnlySpan<char> text, int start, out ElementKind kind)
    {
        Rune.DecodeFromUtf16(text[start..], out var first, out _);
        kind = Kind(first);
        return start + StringInfo.GetNextTextElementLength(text[start..]);
    }

    /// <summary>The end of the word that begins at <paramref name="start"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where a letter or digit stands.</param>
    /// <param name="stopAtUnspaced">Whether a letter of a script without spaces ends the word.</param>
    public static int EndOfWord(ReadOnlySpan<char> text, int start, bool stopAtUnspaced)
    {
        var end = End(text, start, out _);
        while (end < text.Length)
        {
            var next = End(text, end, out var kind);
            if (kind == ElementKind.Joiner && next < text.Length)
            {
                next = End(text, next, out kind);
            }

            if (kind != ElementKind.Spaced && (kind != ElementKind.Unspaced || stopAtUnspaced))
            {
                break;
            }

            end = next;
        }

        return end;
    }

    /// <summary>The end of the stretch without words that begins at <paramref name="start"/>.</summary>
    public static int EndOfRest(ReadOnlySpan<char> text, int start)
    {
        var end = End(text, start, out _);
        while (end < text.Length)
        {
            var next = End(text, end, out var kind);
            if (kind is ElementKind.Spaced or ElementKind.Unspaced)
            {
                break;
            }

            end = next;
        }

        return end;
    }

    /// <summary>Whether a word may end and another begin between a letter of a script without spaces and what follows it.</summary>
    public static bool MayPart(ReadOnlySpan<char> text, int at) =>
        (CharacterTraits.Basic[text[at]] & (CharacterTraits.BeginsNone | CharacterTraits.DependsOnNeighbours)) switch
        {
            0 => true,
            CharacterTraits.BeginsNone => false,
            _ => WordBoundary.IsPossible(text, at),
        };

    /// <summary>Whether a letter or digit of a script that uses spaces stands there.</summary>
    public static bool IsSpaced(ReadOnlySpan<char> text, int at)
    {
        return KindAt(text, at) == ElementKind.Spaced;
    }

    /// <summary>Whether the character is a letter, a mark or a digit.</summary>
    public static bool IsOfWord(Rune character) => Kind(character) is ElementKind.Spaced or ElementKind.Unspaced;

    private static ElementKind KindAt(ReadOnlySpan<char> text, int at)
    {
        if (!char.IsSurrogate(text[at]))
        {
            return (ElementKind)(CharacterTraits.Basic[text[at]] & CharacterTraits.KindMask);
        }

        Rune.DecodeFromUtf16(text[at..], out var character, out _);
        return Kind(character);
    }

    /// <summary>What a character is when it stands first.</summary>
    internal static ElementKind Kind(Rune first)
    {
        switch (Rune.GetUnicodeCategory(first))
        {
            case UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber:
                return ElementKind.Spaced;
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.LetterNumber:
                return first.Value is 'ー' or 'ｰ' || UnspacedScripts.Contains(UnicodeScripts.Default.Of(first.Value))
                    ? ElementKind.Unspaced : ElementKind.Spaced;
            case UnicodeCategory.OtherPunctuation when first.Value is >= '၌' and <= '၏': // Burmese words that one sign stands for.
                return ElementKind.Unspaced;
            default:
                return first.Value is '\'' or '-' or '’' or '‐' or '‑' or '·' ? ElementKind.Joiner : ElementKind.Other;
        }
    }
}
