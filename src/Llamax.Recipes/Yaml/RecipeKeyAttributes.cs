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
    /// <summary>The key that stands for all languages where <see cref="Wildcard"/> is set.</summary>
    public const string All = "*";

    public bool Pairs { get; init; }

    /// <summary>Whether <see cref="All"/> may be a key.</summary>
    public bool Wildcard { get; init; }
}

/// <summary>A path that starts from the folder of the recipe, or from the current folder where it comes from <c>--set</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RelativePathAttribute : Attribute;

/// <summary>A single value may stand for the whole record: it is the value of this property.</summary>
/// <param name="property">The property's name.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShortFormAttribute(string property) : Attribute
{
    public string Property { get; } = property;
}
