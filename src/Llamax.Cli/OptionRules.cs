using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Llamax.Text.Files;

namespace Llamax.Cli;

/// <summary>What may be given, checked when the command line is read: before anything is loaded, and by the name that the user gave.</summary>
internal static class OptionRules
{
    /// <summary>Allows numbers in the range that a property of a library's options has.</summary>
    /// <typeparam name="TOptions">The library's options.</typeparam>
    /// <param name="option">Takes a number.</param>
    /// <param name="property">Has a <see cref="RangeAttribute"/>.</param>
    public static void Within<TOptions>(this Option option, string property)
    {
        var range = (RangeAttribute)Attribute.GetCustomAttribute(typeof(TOptions).GetProperty(property)!, typeof(RangeAttribute))!;
        option.Within(Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
    }

    /// <summary>Allows numbers in a range.</summary>
    /// <param name="option">Takes a number.</param>
    /// <param name="least">The least.</param>
    /// <param name="most">The greatest; from the type's own on it is not said.</param>
    public static void Within(this Option option, double least, double most = double.PositiveInfinity) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            if (double.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && !(value >= least && value <= most))
            {
                var range = most >= int.MaxValue ? $"of at least {least:#,0.##}" : $"from {least:#,0.##} to {most:#,0.##}";
                result.AddError($"{option.Name} {token.Value}: expected is a number {range}.");
            }
        }
    });

    /// <summary>Refuses what cannot become a file that is written.</summary>
    /// <param name="option">Takes a path.</param>
    public static void WritesFile(this Option option) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                _ = token.Value.Length == 0 ? null : OutputPlace.Of(token.Value);
            }
            catch (LlamaxException exception)
            {
                result.AddError($"{option.Name} {exception.Message}");
            }
        }
    });

    /// <summary>Refuses what cannot become a folder that is written into.</summary>
    /// <param name="option">Takes a path.</param>
    public static void WritesFolder(this Option option) => option.Validators.Add(result => CheckFolders(result, option.Name));

    /// <summary>Refuses what cannot become a folder that is written into.</summary>
    /// <param name="argument">Takes a path.</param>
    public static void WritesFolder(this Argument argument) => argument.Validators.Add(result => CheckFolders(result, argument.Name));

    private static void CheckFolders(SymbolResult result, string name)
    {
        foreach (var path in result.Tokens.Select(token => token.Value).Where(path => path.Length > 0))
        {
            if (OutputPlace.FileOnTheWay(path) is { } file)
            {
                result.AddError(Path.GetFullPath(path) == file
                    ? $"{name} {path} is a file. Name a folder to write into, new or there already."
                    : $"{name} {path} cannot be written: {file} is a file, no folder.");
            }
        }
    }
}
