namespace Llamax.Models.Resizing;

/// <summary>What the initialisations are called on the command line and in files.</summary>
public static class RowInits
{
    private static readonly (string Name, RowInit Init)[] All =
        [("mean", RowInit.Mean), ("subwords", RowInit.Subwords), ("subwords+noise", RowInit.SubwordsWithNoise), ("zeros", RowInit.Zeros)];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(each => each.Name)];

    /// <summary>The name of one.</summary>
    /// <param name="init">The initialisation.</param>
    public static string Name(RowInit init) => All.First(each => each.Init == init).Name;

    /// <summary>The one of that name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="LlamaxException">There is none of that name.</exception>
    public static RowInit Parse(string name) => Array.FindIndex(All, each => each.Name == name) is >= 0 and var at
        ? All[at].Init
        : throw new LlamaxException($"'{name}' is no initialisation of rows; there are {string.Join(", ", Names)}.");
}
