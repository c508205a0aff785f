namespace Llamax.Metrics.Tokenization;

/// <summary>White space as Python's <c>str.split</c> and <c>str.strip</c> see it, which the reference scores rest on:
/// .NET's, and the four separators U+001C to U+001F.</summary>
internal static class Whitespace
{
    public static bool Is(int codePoint) =>
        codePoint <= char.MaxValue && (char.IsWhiteSpace((char)codePoint) || codePoint is >= 0x1C and <= 0x1F);

    public static List<string> Split(string text)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || Is(text[i]))
            {
                if (i > start)
                {
                    parts.Add(text[start..i]);
                }

                start = i + 1;
            }
        }

        return parts;
    }

    public static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && Is(text[start]))
        {
            start++;
        }

        return TrimEnd(text[start..end]);
    }

    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && Is(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }
}
