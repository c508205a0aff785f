using System.Buffers.Text;
using Llamax.Text.Segmentation.Lexicons;

namespace Llamax.Text.Segmentation.Jieba;

/// <summary>Reads dictionaries in jieba's format.</summary>
internal static class JiebaLoader
{
    private const long Suggested = -1;

    /// <summary>Reads a dictionary and the user's additions.</summary>
    /// <param name="path">On each line a word, its frequency and perhaps a tag, with one space between.</param>
    /// <param name="userPaths">The same, but the frequency may be left out: then it is what lets the word be found whole.</param>
    /// <exception cref="LlamaxException">A file cannot be read or a line is no entry.</exception>
    public static JiebaDictionary Load(string path, IReadOnlyList<string> userPaths)
    {
        var file = new LexiconFile(path);
        var pool = new WordPool(file.Lines, file.Size);
        var frequencies = new List<long>(file.Lines);
        while (file.Next())
        {
            var separator = file.Line.IndexOf((byte)' ');
            var rest = file.Line[(separator + 1)..];
            var end = rest.IndexOf((byte)' ');
            if (separator <= 0 || Number(end < 0 ? rest : rest[..end]) is not { } frequency)
            {
                throw file.Error("this is no entry of a jieba dictionary. Expected a word, a space and its frequency (a whole number), and perhaps a space and a tag.");
            }

            pool.Add(file.Word(file.Line[..separator]));
            frequencies.Add(frequency);
        }

        var lines = new List<(string Path, int Line)>();
        foreach (var userPath in userPaths)
        {
            AddUserWords(userPath, pool, frequencies, lines);
        }

        var dictionary = new JiebaDictionary(new WordTrie(pool));
        for (var i = 0; i < pool.Count; i++)
        {
            var word = pool[i];
            var fromUser = i - (pool.Count - lines.Count);
            if (fromUser == 0)
            {
                CheckTotal(dictionary, path);
            }

            var frequency = frequencies[i] == Suggested ? Suggest(dictionary, word) : frequencies[i];
            if (!dictionary.Add(word, frequency))
            {
                throw new LlamaxException($"{(fromUser < 0 ? path : $"{lines[fromUser].Path}:{lines[fromUser].Line}")}: the frequencies add up to more than {long.MaxValue}. Make them smaller.");
            }

            if (fromUser >= 0 && frequency == 0)
            {
                dictionary.ForceSplit(word);
            }
        }

        CheckTotal(dictionary, path);
        return dictionary;
    }

    private static void CheckTotal(JiebaDictionary dictionary, string path)
    {
        if (dictionary.Total == 0)
        {
            throw new LlamaxException($"{path} holds no word with a frequency above 0. Expected a jieba dictionary: a word, a space and its frequency on each line.");
        }
    }

    private static void AddUserWords(string path, WordPool pool, List<long> frequencies, List<(string Path, int Line)> lines)
    {
        var file = new LexiconFile(path);
        while (file.Next())
        {
            var word = file.Line;
            if (EndOfWordBefore(word, (byte)'a', (byte)'z') is > 0 and var tag)
            {
                word = word[..tag];
            }

            var frequency = Suggested;
            if (EndOfWordBefore(word, (byte)'0', (byte)'9') is > 0 and var end)
            {
                frequency = Number(word[(end + 1)..]) ?? throw file.Error($"the frequency is larger than {long.MaxValue}. Make it smaller.");
                word = word[..end];
            }

            pool.Add(file.Word(word));
            frequencies.Add(frequency);
            lines.Add((path, file.Number));
        }
    }

    /// <summary>Where the space stands behind which the line has only bytes of this range; 0 or less where there is none.</summary>
    private static int EndOfWordBefore(ReadOnlySpan<byte> line, byte first, byte last)
    {
        var space = line.LastIndexOfAnyExceptInRange(first, last);
        return space >= 0 && space < line.Length - 1 && line[space] == ' ' ? space : 0;
    }

    private static long? Number(ReadOnlySpan<byte> digits) =>
        digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(digits, out long number, out _) ? null : number;

    /// <summary>
    /// A frequency with which the word is as probable as the parts that it would be cut into, and a little more. Dividing
    /// and multiplying in this order gives jieba's numbers.
    /// </summary>
    private static long Suggest(JiebaDictionary dictionary, ReadOnlySpan<char> word)
    {
        var parts = new List<(int Start, int Length, bool IsWord)>();
        new JiebaSegmenter(dictionary, null).Cut(word, parts);
        var (total, probability) = ((double)dictionary.Total, 1.0);
        foreach (var (start, length, _) in parts)
        {
            probability *= (dictionary.Frequency(word.Slice(start, length)) ?? 1) / total;
        }

        return Math.Max((long)(probability * total) + 1, dictionary.Frequency(word) ?? 1);
    }
}
