using Llamax.Text.Languages;

namespace Llamax.Corpora.Readers.Records;

/// <summary>The names by which files call a language.</summary>
internal static class LanguageNames
{
    /// <summary>Every code of a language, its own first; of one that the registry does not know, the code itself.</summary>
    public static IReadOnlyList<string> Of(string code) => LanguageRegistry.Default.Find(code) is not { } language
        ? [code]
        : [.. new[] { code, language.Code, language.Flores101, language.Flores200, language.Flores200?.Split('_')[0], language.Mc4, language.Madlad }
            .Concat(language.Aliases).OfType<string>().Where(name => LanguageRegistry.Default.Find(name)?.Code == language.Code)
            .SelectMany(name => new[] { name, name.Replace('-', '_'), name.Replace('_', '-') }).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a file's name for a language means this one, a region behind it aside (<c>en-US</c> is en).</summary>
    public static bool Means(string name, string code)
    {
        var known = LanguageRegistry.Default.Find(name) ?? LanguageRegistry.Default.Find(name.Split('-', '_')[0]);
        return name == code || (known is not null && known.Code == LanguageRegistry.Default.Find(code)?.Code);
    }
}
