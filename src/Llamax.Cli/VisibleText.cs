namespace Llamax.Cli;

/// <summary>Text of files on a terminal, which its control characters could steer.</summary>
internal static class VisibleText
{
    /// <summary>Line ends as ⏎, other control characters as their pictures.</summary>
    public static string Of(string text) => string.Create(text.Length, text, static (result, text) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            result[i] = text[i] switch
            {
                '\n' => '⏎',
                < ' ' => (char)(0x2400 + text[i]),
                >= '\u007F' and <= '\u009F' => '\uFFFD',
                var c => c,
            };
        }
    });
}
