using System.Buffers;

namespace Llamax.Text.Segmentation.Jieba;

/// <summary>How jieba splits a text before it looks for words.</summary>
internal static class JiebaBlocks
{
    private static readonly SearchValues<char> Ascii =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+#&._%-");

    /// <summary>Whether words are looked for in a run of such characters; any other one is a part by itself.</summary>
    public static bool Contains(char character) => JiebaHmm.IsHan(character) || Ascii.Contains(character);

    /// <summary>Where the block ends, or the single character (a line break of two is one).</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        if (Contains(text[start]))
        {
            var end = start + 1;
            while (end < text.Length && Contains(text[end]))
            {
                end++;
            }

            return end;
        }

        var isPair = start + 1 < text.Length
            && ((text[start] == '\r' && text[start + 1] == '\n') || char.IsSurrogatePair(text[start], text[start + 1]));
        return start + (isPair ? 2 : 1);
    }

    /// <summary>
    /// Where a piece of a block's unknown part ends: Chinese characters; or letters and digits, with what makes 3.14 or
    /// 50% of them; or whatever else lies between.
    /// </summary>
    public static int EndOfPiece(ReadOnlySpan<char> text, int start)
    {
        if (JiebaHmm.IsHan(text[start]))
        {
            return Past(text, start, JiebaHmm.IsHan);
        }

        if (!char.IsAsciiLetterOrDigit(text[start]))
        {
            return Past(text, start, character => !JiebaHmm.IsHan(character) && !char.IsAsciiLetterOrDigit(character));
        }

        var end = Past(text, start, char.IsAsciiLetterOrDigit);
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end = Past(text, end + 1, char.IsAsciiDigit);
        }

        return end < text.Length && text[end] == '%' ? end + 1 : end;
    }

    /// <summary>Whether a part of a block has a letter or digit.</summary>
    public static bool HasWord(ReadOnlySpan<char> part)
    {
        foreach (var character in part)
        {
            if (JiebaHmm.IsHan(character) || char.IsAsciiLetterOrDigit(character))
            {
                return true;
            }
        }

        return false;
    }

    private static int Past(ReadOnlySpan<char> text, int start, Func<char, bool> belongs)
    {
        while (start < text.Length && belongs(text[start]))
        {
            start++;
        }

        return start;
    }
}
