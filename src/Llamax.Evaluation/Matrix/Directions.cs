namespace Llamax.Evaluation.Matrix;

/// <summary>Chooses directions by patterns: <c>en-fr</c>, <c>en-*</c>, <c>*-en</c>, <c>*-*</c>.</summary>
public static class Directions
{
    /// <summary>The directions among the languages that at least one pattern matches, ordered by source and target as the languages are.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="languages">The languages of the test set.</param>
    /// <exception cref="LlamaxException">A pattern is malformed or matches nothing.</exception>
    public static IReadOnlyList<(string Source, string Target)> Select(IReadOnlyList<string> patterns, IReadOnlyList<string> languages)
    {
        var chosen = new HashSet<(string, string)>();
        foreach (var pattern in patterns)
        {
            var sides = pattern.Split('-');
            if (sides.Length != 2 || sides.Any(side => side.Length == 0))
            {
                throw new LlamaxException($"'{pattern}' is no pattern of directions; write en-fr, en-*, *-en or *-*.");
            }

            var found = All(languages).Where(pair => Matches(sides[0], pair.Source) && Matches(sides[1], pair.Target)).ToList();
            if (found.Count == 0)
            {
                throw new LlamaxException($"The pattern '{pattern}' matches no direction among {string.Join(", ", languages)}.");
            }

            chosen.UnionWith(found);
        }

        return [.. All(languages).Where(pair => chosen.Contains(pair))];
    }

    private static IEnumerable<(string Source, string Target)> All(IReadOnlyList<string> languages) =>
        from source in languages from target in languages where source != target select (source, target);

    private static bool Matches(string side, string language) => side == "*" || side == language;
}
