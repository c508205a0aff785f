namespace Llamax.Recipes.Yaml;

/// <summary>
/// Gives the languages of one list or one group of keys the codes under which they are known everywhere, so that nothing
/// behind the recipe meets a language under two names. Two that mean the same are refused.
/// </summary>
/// <param name="languages">The known languages.</param>
/// <param name="errors">Receives what is wrong.</param>
/// <param name="rule">What may stand there.</param>
internal sealed class LanguageNaming(LanguageCheck languages, ErrorList errors, LanguageCodesAttribute rule)
{
    private readonly Dictionary<string, (string Written, Origin Origin)> taken = new(StringComparer.Ordinal);

    /// <summary>The one name of what is written, which stays where it is none; null where that name is there already.</summary>
    /// <param name="written">A code, or with <see cref="LanguageCodesAttribute.Pairs"/> two.</param>
    /// <param name="origin">Where it is written.</param>
    public string? Take(string written, Origin origin)
    {
        var name = (rule.Wildcard && written == LanguageCodesAttribute.All ? null : rule.Pairs ? Pair(written, origin) : Code(written, origin)) ?? written;
        if (!taken.TryAdd(name, (written, origin)))
        {
            var first = taken[name];
            errors.Add(origin, first.Written == written
                ? $"'{written}' is there twice (also at {first.Origin.Label}); remove one of the two."
                : $"'{written}' means the same as '{first.Written}' ({first.Origin.Label}): both are {name}. Name it once.");
            return null;
        }

        return name;
    }

    private string? Pair(string written, Origin origin)
    {
        if (languages.FindPair(written) is { } found)
        {
            var sides = found.Split('-');
            if (sides[0] == sides[1])
            {
                errors.Add(origin, $"'{written}' names one language twice, {sides[0]}; a pair needs two.");
                return null;
            }

            return found;
        }

        var codes = written.Split('-');
        if (codes.Length != 2)
        {
            errors.Add(origin, $"'{written}' is no pair of languages; write it as en-fr.");
            return null;
        }

        _ = codes.Select(code => Code(code, origin)).ToList(); // One of them is unknown, and that is said.
        return null;
    }

    private string? Code(string written, Origin origin)
    {
        if (languages.Find(written) is { } found)
        {
            return found;
        }

        errors.Add(origin, $"unknown language '{written}'"
            + (languages.Nearest(written) is { } nearest ? $"; did you mean '{nearest}'?" : ".") + " `llamax languages` lists all.");
        return null;
    }
}
