using System.Text;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Readers.Records;

/// <summary>The names by which files call a language.</summary>
internal static class LanguageNames
{
    /// <summary>Of the subtag registry those of orthographies and varieties that memories of translations bear, and Windows' "traditional sort".</summary>
    private static readonly string[] Variants = ["abl1943", "ao1990", "colb1945", "ekavsk", "ijekavsk", "tarask", "tradnl", "valencia"];

    /// <summary>Every code of a language, its own first; of one that the registry does not know, the code itself.</summary>
    public static IReadOnlyList<string> Of(string code) => LanguageRegistry.Default.Find(code) is not { } language
        ? [code]
        : [.. new[] { code, language.Code, language.Flores101, language.Flores200, language.Flores200?.Split('_')[0], language.Mc4, language.Madlad }
            .Concat(language.Aliases).OfType<string>().Where(name => LanguageRegistry.Default.Find(name)?.Code == language.Code)
            .SelectMany(name => new[] { name, name.Replace('-', '_'), name.Replace('_', '-') }).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// Whether a file's name for a language means this one, a region or a variant behind it aside (<c>en-US</c> is en,
    /// <c>ca-valencia</c> is ca, by BCP 47's subtags), and a script that the language is written in anyway
    /// (<c>ru-Cyrl</c> is ru, <c>sr-Latn</c> is not sr).
    /// </summary>
    public static bool Means(string name, string code)
    {
        if (name == code)
        {
            return true;
        }

        var registry = LanguageRegistry.Default;
        string[] parts = [.. name.Split('-', '_').Where((part, i) => i == 0 || !(IsRegion(part) || IsVariant(part)))];
        var known = registry.Find(name) ?? registry.Find(string.Join('_', parts))
            ?? (parts is [var language, { Length: 4 } script] ? registry.Find($"{registry.Find(language)?.Flores200?.Split('_')[0]}_{script}") : null);
        return known is not null && known.Code == registry.Find(code)?.Code;
    }

    /// <summary>Whether a field of this name may number or name rows as well as hold a language's text.</summary>
    /// <param name="name">The field's or column's name in UTF-8.</param>
    public static bool MayNameRows(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(name, "id"u8) || Ascii.EqualsIgnoreCase(name, "no"u8);

    /// <summary>Whether what stands in such a field is the name of a row and no text: one word with a digit in it.</summary>
    /// <param name="text">The field in UTF-8, without white space around it.</param>
    public static bool NamesRow(ReadOnlySpan<byte> text) => text.ContainsAnyInRange((byte)'0', (byte)'9') && !text.ContainsAny(" \t\n"u8);

    private static bool IsVariant(string part) => (part.Length == 4 && part.All(char.IsAsciiDigit)) || Variants.Contains(part.ToLowerInvariant());

    private static bool IsRegion(string part) => part.Length == 2 ? part.All(char.IsAsciiLetter) : part.Length == 3 && part.All(char.IsAsciiDigit);
}
