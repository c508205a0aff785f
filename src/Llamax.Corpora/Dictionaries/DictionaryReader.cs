using Llamax.Corpora.Readers;

namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Reads bilingual dictionaries as MUSE and PanLex distribute them: a word and one translation per line, several lines
/// for several translations. Between the two stands a tab, and then either side may contain spaces; or, where the line
/// has no tab, a space. Other lines are counted and left out.
/// </summary>
public static class DictionaryReader
{
    /// <summary>Reads a dictionary.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The entries in order of the lines, and how many lines that are not empty were no entry.</returns>
    /// <exception cref="LlamaxException">The file cannot be read, or none of its lines is an entry.</exception>
    public static (IReadOnlyList<(string Word, string Translation)> Entries, int Skipped) Read(TextFile file)
    {
        var entries = new List<(string, string)>();
        var skipped = 0;
        foreach (var line in LineReader.Read(file))
        {
            var parts = line.Contains('\t', StringComparison.Ordinal)
                ? line.Split('\t', StringSplitOptions.TrimEntries)
                : line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts is [{ Length: > 0 } word, { Length: > 0 } translation])
            {
                entries.Add((word, translation));
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                skipped++;
            }
        }

        return entries.Count > 0
            ? (entries, skipped)
            : throw new LlamaxException($"{file.Name} holds no dictionary entry. Expected a word, a tab or space, and its translation on each line.");
    }
}
