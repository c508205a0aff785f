using System.Collections;
using System.Globalization;
using Llamax.Recipes.Yaml;

namespace Llamax.Recipes.Stages;

/// <summary>Writes option records as flat settings, for comparing and for showing.</summary>
internal static class SettingsText
{
    /// <summary>Every value of the record under its dotted key.</summary>
    /// <param name="prefix">The key of the section.</param>
    /// <param name="record">The options.</param>
    /// <param name="except">Names of properties to leave out.</param>
    public static Dictionary<string, string> Of(string prefix, object record, params IReadOnlyList<string> except)
    {
        var settings = new Dictionary<string, string>();
        foreach (var property in RecipeKeys.Properties(record.GetType()).Where(property => !except.Contains(property.Name)))
        {
            var key = property.IsDefined(typeof(SameLevelAttribute), inherit: false) ? prefix : $"{prefix}.{RecipeKeys.NameOf(property)}";
            Add(settings, key, property.GetValue(record), except);
        }

        return settings;
    }

    private static void Add(Dictionary<string, string> settings, string key, object? value, IReadOnlyList<string> except)
    {
        switch (value)
        {
            case null:
                break;
            case string or ValueType:
                settings[key] = Text(value);
                break;
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    Add(settings, $"{key}.{entry.Key}", entry.Value, except);
                }

                break;
            case IEnumerable list:
                settings[key] = string.Join(", ", list.Cast<object>().Select(Text));
                break;
            default:
                foreach (var (name, text) in Of(key, value, except))
                {
                    settings[name] = text;
                }

                break;
        }
    }

    /// <summary>A value as a recipe writes it.</summary>
    public static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Enum name => RecipeKeys.Snake(name.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
