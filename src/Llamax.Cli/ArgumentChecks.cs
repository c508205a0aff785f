using System.CommandLine;
using Llamax.Text.Files;

namespace Llamax.Cli;

/// <summary>What several verbs refuse.</summary>
internal static class ArgumentChecks
{
    /// <summary>Refuses options that the user gave and that would do nothing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options.</param>
    /// <param name="reason">Follows the option's name in the message.</param>
    /// <exception cref="LlamaxException">One of them was given.</exception>
    public static void Refuse(ParseResult parsed, Option[] options, string reason)
    {
        foreach (var option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new LlamaxException($"{option.Name} {reason}. Leave it out.");
            }
        }
    }

    /// <summary>Refuses to write over what is read, or twice, also by way of links.</summary>
    /// <param name="outputs">Files to be written; null for one that is not.</param>
    /// <param name="inputs">Files to be read; null for one that is not.</param>
    /// <exception cref="LlamaxException">A file is both, or written twice.</exception>
    public static void RefuseOverwriting(IEnumerable<string?> outputs, IEnumerable<string?> inputs)
    {
        var names = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var read = inputs.OfType<string>().Select(OutputPlace.RealPath).ToHashSet(names);
        var written = new HashSet<string>(names);
        foreach (var output in outputs.OfType<string>())
        {
            var place = OutputPlace.Of(output);
            if (!place.IsFile)
            {
                continue; // It keeps nothing that could be lost.
            }

            if (read.Contains(place.Path))
            {
                throw new LlamaxException($"{output} is read and would be written over. Name another output with --out.");
            }

            if (!written.Add(place.Path))
            {
                throw new LlamaxException($"{output} would be written twice. Give each output a name of its own.");
            }
        }
    }
}
