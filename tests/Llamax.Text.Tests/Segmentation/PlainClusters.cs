using System.Globalization;
using System.Text;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

/// <summary>What no word boundary may part, from the runtime's grapheme clusters and the rules of the scripts one by one.</summary>
internal static class PlainClusters
{
    /// <summary>Where the clusters begin, and what they are to words.</summary>
    public static List<(int Start, ElementKind Kind)> Of(string text)
    {
        var clusters = new List<(int Start, ElementKind Kind)>();
        for (var start = 0; start < text.Length;)
        {
            var end = End(text, start);
            clusters.Add((start, Kind(text, start)));
            while (end < text.Length && clusters[^1].Kind == ElementKind.Unspaced && Kind(text, end) == ElementKind.Unspaced && !MayPart(text, end))
            {
                end = End(text, end);
            }

            start = end;
        }

        return clusters;
    }

    private static int End(string text, int start) => start + (text[start] == '\r' ? 1 : StringInfo.GetNextTextElementLength(text.AsSpan(start)));

    private static ElementKind Kind(string text, int start)
    {
        Rune.DecodeFromUtf16(text.AsSpan(start), out var rune, out _);
        return TextElement.Kind(rune);
    }

    private static bool MayPart(string text, int at)
    {
        var (before, after, next, second) = (text[at - 1], text[at], text.ElementAtOrDefault(at + 1), text.ElementAtOrDefault(at + 2));
        var isMark = char.GetUnicodeCategory(after) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
        switch (after)
        {
            case >= '\u0E00' and <= '\u0E7F':
                var isThai = after is >= 'ก' and <= 'ฮ';
                var isSilent = isThai && (next == '\u0E4C' || (next is '\u0E34' or '\u0E38' && second == '\u0E4C'));
                var vowel = before is >= '\u0E48' and <= '\u0E4B' && at > 1 ? at - 2 : at - 1;
                var isFinal = isThai && (text[vowel] is '\u0E31' or '\u0E37' || (text[vowel] == '\u0E47' && !IsKo(text[..vowel])));
                return !(isMark || after is 'ะ' or 'า' or 'ำ' or 'ๅ' || (before is >= 'เ' and <= 'ไ' && (isThai || after is >= 'เ' and <= 'ไ')) || isSilent || isFinal);
            case >= '\u0E80' and <= '\u0EFF':
                var isLao = after is (>= 'ກ' and <= 'ຮ') or (>= 'ໜ' and <= '\u0EDF');
                var sign = before is >= '\u0EC8' and <= '\u0ECB' && at > 1 ? text[at - 2] : before;
                return !(isMark || after is 'ະ' or 'າ' or 'ຳ' or 'ຽ' || (before is >= 'ເ' and <= 'ໄ' && (isLao || after is >= 'ເ' and <= 'ໄ'))
                    || (isLao && (sign is '\u0EB1' or '\u0EBB' || next == '\u0ECC')));
            case >= '\u1780' and <= '\u17FF':
                return !(isMark || before == '\u17D2' || next == '\u17CD');
            case (>= '\u1000' and <= '\u109F') or (>= '\uA9E0' and <= '\uA9FF') or (>= '\uAA60' and <= '\uAA7F'):
                return !(isMark || before == '\u1039' || next is '\u103A' or '\u1039' || (next == '\u1037' && second == '\u103A'));
            default:
                return !"ー ｰ 々 ゝ ゞ ヽ ヾ ぁ ぃ ぅ ぇ ぉ ゃ ゅ ょ ゎ ァ ィ ゥ ェ ォ ャ ュ ョ ヮ ｧ ｨ ｩ ｪ ｫ ｬ ｭ ｮ".Contains(after);
        }
    }

    /// <summary>ก็ is a word, unless it stands in เก็ or แก็.</summary>
    private static bool IsKo(string text) => text.EndsWith('ก') && !(text.Length > 1 && text[^2] is 'เ' or 'แ');
}
