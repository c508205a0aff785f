using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Llamax.Recipes.Yaml;

/// <summary>Reads single values: text, yes or no, numbers, and names of an enumeration.</summary>
internal static class ScalarReader
{
    public static bool TryRead(Type type, ScalarNode scalar, out object? value)
    {
        var plain = scalar.IsQuoted ? "" : scalar.Text;
        var number = plain.Replace("_", "", StringComparison.Ordinal);
        value = type switch
        {
            _ when type == typeof(string) => scalar.Text,
            _ when type == typeof(bool) => plain switch { "true" => true, "false" => false, _ => null },
            _ when type == typeof(int) => int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null,
            _ when type == typeof(long) => long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null,
            _ when type == typeof(double) => Real(number),
            _ when type == typeof(float) => Real(number) is { } real && float.IsFinite((float)real) ? (float)real : null,
            _ when type.IsEnum => Enum.GetNames(type).FirstOrDefault(name => RecipeKeys.Snake(name) == scalar.Text) is { } name
                ? Enum.Parse(type, name)
                : null,
            _ => throw new InvalidOperationException($"{type} cannot be written in a recipe."),
        };
        return value is not null;
    }

    /// <summary>What a value of the type looks like, for messages.</summary>
    public static string Expectation(Type type) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) || type == typeof(float) => "a number",
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(RecipeKeys.Snake)),
        _ => "a group of keys",
    };

    /// <summary>The nearest name of an enumeration, as the end of a message; empty for all else.</summary>
    public static string Suggestion(Type type, ScalarNode scalar) =>
        type.IsEnum && NearestName.Find(scalar.Text, Enum.GetNames(type).Select(RecipeKeys.Snake)) is { } nearest
            ? $" Did you mean '{nearest}'?"
            : "";

    /// <summary>The range in words.</summary>
    public static string Range(RangeAttribute range)
    {
        var open = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) is double.MaxValue or double.PositiveInfinity or int.MaxValue or long.MaxValue;
        var low = range.MinimumIsExclusive ? $"above {range.Minimum}" : open ? $"at least {range.Minimum}" : $"from {range.Minimum}";
        var high = range.MaximumIsExclusive ? $"below {range.Maximum}" : $"to {range.Maximum}";
        return open ? low : range.MinimumIsExclusive || range.MaximumIsExclusive ? $"{low} and {high.Replace("to ", "at most ", StringComparison.Ordinal)}" : $"{low} {high}";
    }

    private static double? Real(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
