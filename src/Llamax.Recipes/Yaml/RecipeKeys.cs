using System.Reflection;
using System.Text;

namespace Llamax.Recipes.Yaml;

/// <summary>The keys of a record: its settable properties in snake_case.</summary>
internal static class RecipeKeys
{
    /// <summary>All keys of a section, those of <see cref="SameLevelAttribute"/> records included.</summary>
    public static IReadOnlyDictionary<string, PropertyInfo> Of(Type type) => Properties(type)
        .SelectMany(IEnumerable<KeyValuePair<string, PropertyInfo>> (property) => property.GetCustomAttribute<SameLevelAttribute>() is { } merged
            ? Of(property.PropertyType).Where(inner => !merged.Except.Contains(inner.Value.Name))
            : [KeyValuePair.Create(NameOf(property), property)])
        .ToDictionary();

    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    public static string NameOf(PropertyInfo property) => Snake(property.Name);

    /// <summary><c>LearningRate</c> → <c>learning_rate</c>.</summary>
    public static string Snake(string name)
    {
        var result = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
            {
                result.Append('_');
            }

            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }
}
