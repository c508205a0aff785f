using Llamax.Text.Languages;

namespace Llamax.Corpora.Patterns;

/// <summary>
/// A small world written by hand: languages, slots with their fillers in every form, and sentence patterns. Every
/// sentence that it can say is known in all its languages.
/// </summary>
public sealed class PatternWorld
{
    internal PatternWorld(IReadOnlyList<Language> languages, IReadOnlyList<Slot> slots, IReadOnlyList<Pattern> patterns) =>
        (Languages, Slots, Patterns) = (languages, slots, patterns);

    /// <summary>The languages in the order in which they are declared. One of them is English (<c>en</c>).</summary>
    public IReadOnlyList<Language> Languages { get; }

    internal IReadOnlyList<Slot> Slots { get; }

    internal IReadOnlyList<Pattern> Patterns { get; }

    /// <summary>Reads all <c>*.txt</c> files of a folder (not of its subfolders), in the order of their names.</summary>
    /// <param name="folder">The folder; the format is described in <c>starter/README.md</c>.</param>
    /// <exception cref="LlamaxException">A line that is not understood, or a form that a pattern needs and nothing lists.</exception>
    public static PatternWorld Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new LlamaxException($"{folder}: no such folder; name the folder that holds the pattern files (*.txt).");
        }

        var files = Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).ToArray();
        if (files.Length == 0)
        {
            throw new LlamaxException($"{folder}: no pattern files (*.txt) here.");
        }

        var reader = new PatternFileReader();
        foreach (var file in files)
        {
            reader.Read(file, File.ReadAllText(file));
        }

        return reader.Build(folder);
    }
}
