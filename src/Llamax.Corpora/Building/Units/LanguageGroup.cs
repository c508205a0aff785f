using System.Text;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Building.Units;

/// <summary>A language or two languages, and which fields of a record they are.</summary>
internal sealed class LanguageGroup
{
    private LanguageGroup(string name, int first, int second)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        (First, Second) = (first, second);
        var codes = name.Split('-');
        (FirstLanguage, SecondLanguage) = (codes[0], codes[^1]);
        Reversed = $"{SecondLanguage}-{FirstLanguage}";
    }

    /// <summary>The language's code, or both in alphabetical order with a hyphen between.</summary>
    public string Name { get; }

    /// <summary><see cref="Name"/> in UTF-8.</summary>
    public byte[] Utf8Name { get; }

    /// <summary>The language, or the one that sorts first.</summary>
    public string FirstLanguage { get; }

    /// <summary>The other language; of one language, itself.</summary>
    public string SecondLanguage { get; }

    /// <summary>Both languages the other way round.</summary>
    public string Reversed { get; }

    /// <summary>The field of the language, or of the one that sorts first.</summary>
    public int First { get; }

    /// <summary>The field of the other language; -1 for one language.</summary>
    public int Second { get; }

    /// <summary>The one language of a text; the one pair of a sentence pair; all pairs of a multi-way record.</summary>
    /// <param name="languages">The languages of a record's fields.</param>
    /// <exception cref="LlamaxException">A code has a hyphen, which would make a pair of it.</exception>
    public static IReadOnlyList<LanguageGroup> Of(IReadOnlyList<string> languages)
    {
        if (languages.FirstOrDefault(code => code.Contains('-', StringComparison.Ordinal)) is { } hyphened)
        {
            throw new LlamaxException($"'{hyphened}' cannot name the language of texts: a hyphen parts the two languages of a pair. "
                + $"Write {LanguageRegistry.Default.Find(hyphened)?.Code ?? hyphened.Replace('-', '_')}.");
        }

        if (languages.Count == 1)
        {
            return [new LanguageGroup(languages[0], 0, -1)];
        }

        var sorted = languages.Select((code, field) => (Code: code, Field: field)).OrderBy(each => each.Code, StringComparer.Ordinal).ToList();
        return
        [
            .. sorted.SelectMany((first, i) => sorted.Skip(i + 1)
                .Select(second => new LanguageGroup($"{first.Code}-{second.Code}", first.Field, second.Field))),
        ];
    }
}
