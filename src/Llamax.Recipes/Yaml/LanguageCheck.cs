namespace Llamax.Recipes.Yaml;

/// <summary>What is asked about the languages of a recipe.</summary>
/// <param name="Find">The one code under which a language is known everywhere, by any of its codes; null where no language has it.</param>
/// <param name="Nearest">The known code that was probably meant, or null.</param>
internal sealed record LanguageCheck(Func<string, string?> Find, Func<string, string?> Nearest)
{
    /// <summary>Two languages with a hyphen between, each under its one code; null where the text cannot be read so in exactly one way.</summary>
    /// <param name="text">In any codes, with hyphens in them or not: <c>pt-BR-en</c>.</param>
    /// <param name="wildcard">What may stand for a language and stays as it is; null for nothing.</param>
    public string? FindPair(string text, string? wildcard = null)
    {
        var found = new List<string>();
        for (var hyphen = text.IndexOf('-'); hyphen >= 0; hyphen = text.IndexOf('-', hyphen + 1))
        {
            if (Side(text[..hyphen]) is { } first && Side(text[(hyphen + 1)..]) is { } second)
            {
                found.Add($"{first}-{second}");
            }
        }

        return found is [var one] ? one : null;

        string? Side(string code) => code == wildcard ? code : Find(code);
    }
}
