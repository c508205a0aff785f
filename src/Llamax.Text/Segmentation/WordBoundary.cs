using System.Globalization;

namespace Llamax.Text.Segmentation;

/// <summary>
/// Where the writing itself says that no word begins, in scripts that run words together: the clusters of Thai, Lao, Khmer,
/// Burmese and Japanese reach beyond what Unicode counts as one character. The rules are those of the scripts' spelling
/// (The Unicode Standard, chapter 16, South East Asia, and chapter 18, East Asia).
/// </summary>
internal static class WordBoundary
{
    /// <summary>Whether a letter of a script without spaces begins no word, whatever stands beside it.</summary>
    public static bool BeginsNone(char letter) => letter switch
    {
        >= '\u0E00' and <= '\u0E7F' => letter is 'ะ' or 'า' or 'ำ' or 'ๅ' || IsMark(letter),
        >= '\u0E80' and <= '\u0EFF' => letter is 'ະ' or 'າ' or 'ຳ' or 'ຽ' || IsMark(letter),
        _ when DependsOnNeighbours(letter) => IsMark(letter),
        _ => ContinuesJapanese(letter),
    };

    /// <summary>Whether <see cref="IsPossible"/> has more to say of a letter than <see cref="BeginsNone"/>.</summary>
    public static bool DependsOnNeighbours(char letter) => letter is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1780' and <= '\u17FF')
        or (>= '\u1000' and <= '\u109F') or (>= '\uA9E0' and <= '\uA9FF') or (>= '\uAA60' and <= '\uAA7F');

    /// <summary>Whether a letter before or behind another one may keep a word from beginning with that one; where neither does, one may.</summary>
    public static bool Ties(char letter) => letter is (>= 'เ' and <= 'ไ') or '\u0E31' or '\u0E34' or '\u0E37' or '\u0E38' or (>= '\u0E47' and <= '\u0E4C')
        or (>= 'ເ' and <= 'ໄ') or '\u0EB1' or '\u0EBB' or (>= '\u0EC8' and <= '\u0ECC') or '\u17CD' or '\u17D2' or '\u1037' or '\u1039' or '\u103A';

    /// <summary>Whether one word may end and the next begin between two letters of scripts without spaces, as far as their neighbours say.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">A place between two grapheme clusters, neither the text's start nor its end, where a letter stands that does not <see cref="BeginsNone">begin none</see>.</param>
    public static bool IsPossible(ReadOnlySpan<char> text, int at) => text[at] switch
    {
        >= '\u0E00' and <= '\u0E7F' => !InThai(text, at),
        >= '\u0E80' and <= '\u0EFF' => !InLao(text, at),
        >= '\u1780' and <= '\u17FF' => text[at - 1] != '\u17D2' && !(Next(text, at) is '\u17CD'),
        _ => !InBurmese(text, at),
    };

    /// <summary>A vowel that is written before its consonant, and the final that some vowels ask for.</summary>
    private static bool InThai(ReadOnlySpan<char> text, int at)
    {
        var (before, after) = (text[at - 1], text[at]);
        var isConsonant = after is >= 'ก' and <= 'ฮ';
        if (before is >= 'เ' and <= 'ไ' && (isConsonant || after is >= 'เ' and <= 'ไ'))
        {
            return true;
        }

        // A silenced consonant (การันต์), with or without its vowel sign, belongs to the syllable before.
        var sign = Next(text, at);
        if (isConsonant && (sign == '\u0E4C' || (sign is '\u0E34' or '\u0E38' && Next(text, at + 1) == '\u0E4C')))
        {
            return true;
        }

        // Mai han-akat, sara uee and maitaikhu stand before a final; ก็ alone is a word with maitaikhu.
        var vowel = before is >= '\u0E48' and <= '\u0E4B' && at > 1 ? at - 2 : at - 1;
        return isConsonant && (text[vowel] is '\u0E31' or '\u0E37'
            || (text[vowel] == '\u0E47' && !(vowel > 0 && text[vowel - 1] == 'ก' && !(vowel > 1 && text[vowel - 2] is 'เ' or 'แ'))));
    }

    private static bool InLao(ReadOnlySpan<char> text, int at)
    {
        var (before, after) = (text[at - 1], text[at]);
        var isConsonant = after is (>= 'ກ' and <= 'ຮ') or (>= 'ໜ' and <= '\u0EDF');
        if (before is >= 'ເ' and <= 'ໄ' && (isConsonant || after is >= 'ເ' and <= 'ໄ'))
        {
            return true;
        }

        // Mai kan and mai kon stand before a final; a cancelled consonant belongs to the syllable before.
        var vowel = before is >= '\u0EC8' and <= '\u0ECB' && at > 1 ? at - 2 : at - 1;
        return isConsonant && (text[vowel] is '\u0EB1' or '\u0EBB' || Next(text, at) == '\u0ECC');
    }

    /// <summary>Consonants that stand under another, and finals: with asat, with dot below and asat, or above a stacked one.</summary>
    private static bool InBurmese(ReadOnlySpan<char> text, int at) =>
        text[at - 1] == '\u1039' || Next(text, at) is '\u103A' or '\u1039' || (Next(text, at) == '\u1037' && Next(text, at + 1) == '\u103A');

    /// <summary>Small vowels and ya, yu, yo; signs of length and repetition. Small tsu may begin one, as in って.</summary>
    private static bool ContinuesJapanese(char after) => after is 'ー' or 'ｰ' or '々' or 'ゝ' or 'ゞ' or 'ヽ' or 'ヾ'
        or 'ぁ' or 'ぃ' or 'ぅ' or 'ぇ' or 'ぉ' or 'ゃ' or 'ゅ' or 'ょ' or 'ゎ'
        or 'ァ' or 'ィ' or 'ゥ' or 'ェ' or 'ォ' or 'ャ' or 'ュ' or 'ョ' or 'ヮ' or (>= 'ｧ' and <= 'ｮ');

    private static char Next(ReadOnlySpan<char> text, int at) => at + 1 < text.Length ? text[at + 1] : '\0';

    private static bool IsMark(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
