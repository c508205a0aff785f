namespace Llamax.Recipes.Yaml;

/// <summary>Where a node comes from: a line of the recipe, or a <c>--set</c> of the command line.</summary>
/// <param name="Label">What messages start with: <c>recipes/x.yaml:12</c> or <c>--set a.b=c</c>.</param>
/// <param name="BaseFolder">The folder that relative paths written at this place start from.</param>
internal readonly record struct Origin(string Label, string BaseFolder);

/// <summary>A node of a recipe with the place that it was written at.</summary>
internal abstract record RecipeNode(Origin Origin)
{
    /// <summary>What messages call the node.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value; <paramref name="IsQuoted"/> where the text is surely a string.</summary>
internal sealed record ScalarNode(Origin Origin, string Text, bool IsQuoted) : RecipeNode(Origin)
{
    public override string Kind => IsNull ? "nothing" : $"'{(Text.Length > 60 ? Text[..60] + "…" : Text)}'";

    public bool IsNull => !IsQuoted && Text is "" or "~" or "null";
}

/// <summary>A list.</summary>
internal sealed record ListNode(Origin Origin, List<RecipeNode> Items) : RecipeNode(Origin)
{
    public override string Kind => "a list";
}

/// <summary>Keys and values in the order written; each key knows its own place.</summary>
internal sealed record MapNode(Origin Origin) : RecipeNode(Origin)
{
    public override string Kind => "a group of keys";

    public List<(string Key, Origin KeyOrigin, RecipeNode Value)> Entries { get; } = [];

    public RecipeNode? Find(string key) => Entries.Find(entry => entry.Key == key).Value;

    public void Put(string key, Origin origin, RecipeNode value)
    {
        var index = Entries.FindIndex(entry => entry.Key == key);
        if (index < 0)
        {
            Entries.Add((key, origin, value));
        }
        else
        {
            Entries[index] = (key, origin, value);
        }
    }
}
