using Llamax.Text.Segmentation.Lexicons;

namespace Llamax.Text.Segmentation;

/// <summary>
/// Reads lexicons: a word on each line, in UTF-8. What stands behind a tab (a frequency, a tag, a translation) is not read,
/// so a dictionary with tabs will do.
/// </summary>
public static class LexiconReader
{
    /// <summary>Reads a lexicon.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The words in order of the lines.</returns>
    /// <exception cref="LlamaxException">
    /// The file cannot be read, is longer than 256 MiB or holds no word; or a line is no UTF-8 or has a word of more than 512
    /// characters.
    /// </exception>
    public static IReadOnlyList<string> Read(string path)
    {
        var words = new List<string>();
        var file = new LexiconFile(path);
        while (file.Next())
        {
            var tab = file.Line.IndexOf((byte)'\t');
            if (tab != 0)
            {
                words.Add(new string(file.Word(tab < 0 ? file.Line : file.Line[..tab]).TrimEnd()));
            }
        }

        return words.Count > 0 ? words : throw new LlamaxException($"{path} holds no word. Expected a word on each line.");
    }
}
