using Llamax.Text.Languages;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>The languages that a family has tokens for.</summary>
internal sealed class FamilyLanguages(FamilyRules rules)
{
    private const int Suggestions = 3;

    /// <summary>The token of a language.</summary>
    /// <param name="code">The family's own code, or any that <see cref="LanguageRegistry"/> knows.</param>
    /// <exception cref="LlamaxException">There is none; the message names the nearest codes.</exception>
    public string Token(string? code)
    {
        var known = code is null ? null : Own(code)
            ?? (LanguageRegistry.Default.Find(code) is { } language ? Codes(language).Select(Own).FirstOrDefault(own => own is not null) : null);
        return known is not null ? rules.LanguageToken.Replace("{language}", known, StringComparison.Ordinal) : throw new LlamaxException(
            code is null
                ? $"The tokenizer family {rules.Name} marks a text with its language: give the language's code, for example '{Nearest("en")[0]}'."
                : $"The tokenizer family {rules.Name} has no token for the language '{code}'. The nearest codes are {string.Join(", ", Nearest(code))}.");
    }

    private static IEnumerable<string> Codes(Language language) =>
        new[] { language.Code, language.Flores200, language.Flores101, language.Madlad }.OfType<string>().Concat(language.Aliases);

    private string? Own(string code) => rules.Languages.FirstOrDefault(known => string.Equals(known, code.Trim(), StringComparison.OrdinalIgnoreCase));

    private string[] Nearest(string code)
    {
        var wanted = code.Length > 50 ? code[..50] : code;
        return [.. rules.Languages.OrderBy(known => Math.Min(
                LanguageRegistry.Edits(wanted, known), LanguageRegistry.Edits(wanted, known.Split('_')[0]))).Take(Suggestions)];
    }
}
