using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Reads a bilingual dictionary as MUSE and PanLex distribute them: a word and one translation per line, several lines
/// for several translations. Between the two stands a tab, and then either side may contain spaces; or, where the line
/// has no tab, spaces. Other lines, those with an empty column among them, are counted and left out. One thread at a time.
/// </summary>
/// <param name="file">The file, packed or not.</param>
/// <exception cref="LlamaxException">The file cannot be opened.</exception>
public sealed class DictionaryReader(TextFile file) : IDisposable
{
    /// <summary>Bytes of the longest word or term that a dictionary may have; lines with longer ones are no entries.</summary>
    public const int LongestWord = 1024;

    private readonly LineScanner lines = new(file);

    /// <summary>Entries so far.</summary>
    public long Entries { get; private set; }

    /// <summary>Lines so far that are not empty and no entry.</summary>
    public long Skipped { get; private set; }

    /// <summary>Reads the next entry.</summary>
    /// <param name="word">The word, UTF-8, valid until the next call.</param>
    /// <param name="translation">Its translation, likewise.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="LlamaxException">The file is damaged, a line is no UTF-8, or the file has come to its end without any entry.</exception>
    public bool TryRead(out ReadOnlySpan<byte> word, out ReadOnlySpan<byte> translation)
    {
        while (lines.TryRead(out var line))
        {
            Utf8Text.TryMend(line, InvalidUtf8.Fail, () => $"{file.Name}, line {lines.Number}", out line);
            var trimmed = Trim(line);
            if (trimmed.IsEmpty)
            {
                continue;
            }

            var hasTab = line.Contains((byte)'\t');
            line = hasTab ? line : trimmed;
            var cut = line.IndexOf(hasTab ? (byte)'\t' : (byte)' ');
            word = Trim(line[..Math.Max(cut, 0)]);
            var rest = line[(cut + 1)..];
            var (start, length) = Utf8Text.Trim(rest);
            translation = rest.Slice(start, length);
            if (!(hasTab ? rest[..(start + length)].Contains((byte)'\t') : translation.Contains((byte)' ')) // A tab at the end is white space.
                && word.Length is > 0 and <= LongestWord && translation.Length is > 0 and <= LongestWord && !line.Contains((byte)0))
            {
                Entries++;
                return true;
            }

            Skipped++;
        }

        word = translation = default;
        if (lines.Damage is { } damage)
        {
            throw damage;
        }

        return Entries > 0 ? false : throw new LlamaxException(
            $"{file.Name} holds no dictionary entry. Expected a word, a tab or space, and its translation on each line.");
    }

    /// <inheritdoc/>
    public void Dispose() => lines.Dispose();

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        var (start, length) = Utf8Text.Trim(text);
        return text.Slice(start, length);
    }
}
