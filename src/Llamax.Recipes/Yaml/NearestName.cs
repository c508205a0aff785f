namespace Llamax.Recipes.Yaml;

/// <summary>Finds the name that was meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The known name with the smallest edit distance (swapped neighbours count once), or null where even that differs
    /// in more than a third of its letters (at least two).
    /// </summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var length = Math.Min(name.Length, 100);
        var best = known.Select(candidate => (candidate, distance: Distance(name[..length], candidate)))
            .OrderBy(pair => pair.distance).FirstOrDefault();
        return best.candidate is not null && best.distance <= Math.Max(2, best.candidate.Length / 3)
            && best.distance < best.candidate.Length
            ? best.candidate
            : null;
    }

    /// <summary>Damerau's distance, restricted to swaps of neighbours that are not edited again.</summary>
    public static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
