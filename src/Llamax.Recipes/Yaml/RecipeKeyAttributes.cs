namespace Llamax.Recipes.Yaml;

/// <summary>The keys of the record stand among the keys of the section that holds it, not in a group of their own.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SameLevelAttribute : Attribute
{
    /// <summary>Properties of the record that a recipe cannot set.</summary>
    public string[] Except { get; init; } = [];
}

/// <summary>The values (of a list) or the keys (of a dictionary) are language codes; with <see cref="Pairs"/>, two joined by a hyphen.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class LanguageCodesAttribute : Attribute
{
    public bool Pairs { get; init; }
}

/// <summary>A path that starts from the folder of the recipe, or from the current folder where it comes from <c>--set</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RelativePathAttribute : Attribute;
