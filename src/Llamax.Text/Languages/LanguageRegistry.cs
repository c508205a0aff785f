namespace Llamax.Text.Languages;

/// <summary>
/// The known languages and every code by which they can be asked for. Codes are matched without regard to case, and
/// <c>-</c> is the same as <c>_</c>. Thread-safe.
/// </summary>
public sealed class LanguageRegistry
{
    private static readonly Lazy<LanguageRegistry> Embedded = new(() => new LanguageRegistry(LanguageTable.ReadEmbedded()));
    private readonly Dictionary<string, Language> byCode = new(StringComparer.Ordinal);

    /// <summary>A registry of these languages, in this order.</summary>
    /// <param name="languages">Languages with different codes.</param>
    /// <exception cref="LlamaxException">Two languages claim the same code.</exception>
    public LanguageRegistry(IEnumerable<Language> languages)
    {
        All = [.. languages];
        foreach (var language in All)
        {
            Claim(language.Code, language);
            Claim(language.Flores101, language);
            Claim(language.Flores200, language);
            foreach (var alias in language.Aliases)
            {
                Claim(alias, language);
            }
        }

        // `fra` for fra_Latn, where the script leaves no doubt and nobody has claimed the short form.
        foreach (var group in All.Where(language => language.Flores200 is not null)
            .GroupBy(language => language.Flores200!.Split('_')[0]).Where(group => group.Count() == 1))
        {
            byCode.TryAdd(Key(group.Key), group.First());
        }
    }

    /// <summary>
    /// The languages that Llamax knows: the paper's 102, the rest of FLORES-200, and what M2M-100, Lego-MT and MADLAD-400 have
    /// tokens for beyond them, without romanised scripts and regions of languages that stand there already.
    /// </summary>
    public static LanguageRegistry Default => Embedded.Value;

    /// <summary>Every language: the paper's by code, then the others by code.</summary>
    public IReadOnlyList<Language> All { get; }

    /// <summary>The language of that code, or null. Accepts the paper's codes, FLORES-101's and FLORES-200's, and
    /// common aliases such as <c>iw</c>, <c>fil</c>, <c>nb</c>, <c>zh-Hant</c>.</summary>
    /// <param name="code">Any of a language's codes.</param>
    public Language? Find(string code) => byCode.GetValueOrDefault(Key(code));

    /// <summary>The language of that code.</summary>
    /// <param name="code">Any of a language's codes.</param>
    /// <exception cref="LlamaxException">No language has this code.</exception>
    public Language Get(string code) => Find(code) ?? throw new LlamaxException(
        $"Unknown language '{code}'. Did you mean '{Nearest(code)}' ({Find(Nearest(code))!.Name})? " +
        "`llamax languages` lists all codes.");

    /// <summary>The known code that takes the fewest edits from <paramref name="code"/>, of a widespread language before
    /// others, for error messages; a name such as <c>french</c> leads to that language's code.</summary>
    /// <param name="code">What the user wrote.</param>
    public string Nearest(string code)
    {
        var wanted = Key(code);
        var named = All.Where(language => wanted.Length > 3 && Key(language.Name).StartsWith(wanted, StringComparison.Ordinal));
        return named.FirstOrDefault()?.Code
            ?? byCode.Keys.MinBy(known => (Edits(wanted, known), Rank(byCode[known]), Math.Abs(known.Length - wanted.Length), known))!;

        static int Rank(Language language) => language.Paper ? 0 : language.Flores200 is not null ? 1 : 2;
    }

    private static string Key(string code) => code.Trim().ToLowerInvariant().Replace('-', '_');

    /// <summary>Levenshtein's distance.</summary>
    internal static int Edits(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        var current = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }

    private void Claim(string? code, Language language)
    {
        if (code is not null && !byCode.TryAdd(Key(code), language) && byCode[Key(code)] != language)
        {
            throw new LlamaxException(
                $"Language table: the code '{code}' belongs to both {byCode[Key(code)].Name} and {language.Name}; remove one of them.");
        }
    }
}
