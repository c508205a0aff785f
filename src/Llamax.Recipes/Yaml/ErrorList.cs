namespace Llamax.Recipes.Yaml;

/// <summary>Collects everything that is wrong with a recipe, so that it is mended in one go.</summary>
internal sealed class ErrorList
{
    private const int MaximumShown = 50;

    private readonly List<string> messages = [];

    public int Count => messages.Count;

    public void Add(Origin origin, string message) => messages.Add($"{origin.Label}: {message}");

    /// <summary>Ends with all that was found, one message per line.</summary>
    /// <exception cref="LlamaxException">Something was found.</exception>
    public void ThrowIfAny()
    {
        if (messages.Count > 0)
        {
            var rest = messages.Count - MaximumShown;
            throw new LlamaxException(string.Join('\n', messages.Distinct().Take(MaximumShown))
                + (rest > 0 ? $"\nand {rest} more." : ""));
        }
    }
}
