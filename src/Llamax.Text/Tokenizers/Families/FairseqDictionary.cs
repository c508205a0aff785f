using System.Text;
using Llamax.Text.Files;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>
/// fairseq's dictionary (<c>fairseq/data/dictionary.py</c>): a line for each piece with its count, whose ids begin behind
/// four tokens that no line has.
/// </summary>
internal static class FairseqDictionary
{
    private const long LargestFile = 64 << 20, LargestList = 1 << 16;

    private const string Replaces = " #fairseq:overwrite", Mark = "__";

    private static readonly string[] First = ["<s>", "<pad>", "</s>", "<unk>"];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The id of each piece.</summary>
    /// <exception cref="LlamaxException">The file cannot be read; or a line is no piece with a count, or has one that is there already.</exception>
    public static Dictionary<string, int> Read(string path) => Reading(path, LargestFile, lines =>
    {
        var ids = First.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id, StringComparer.Ordinal);
        var next = First.Length;
        foreach (var line in lines.Select(line => line.TrimEnd()))
        {
            var replaces = line.EndsWith(Replaces, StringComparison.Ordinal);
            var entry = replaces ? line[..^Replaces.Length] : line;
            var (number, space) = (next - First.Length + 1, entry.LastIndexOf(' '));
            if (space < 1 || !long.TryParse(entry.AsSpan(space + 1), out _))
            {
                throw new LlamaxException($"{path}:{number}: a piece, a space and its count were expected.");
            }

            var piece = entry[..space];
            if (!ids.TryAdd(piece, next))
            {
                ids[piece] = replaces ? next : throw new LlamaxException($"{path}:{number}: '{piece}' is there already, with the id {ids[piece]}. Correct the dictionary.");
            }

            next++;
        }

        return ids;
    });

    /// <summary>The languages that have a token in the dictionary, in the order of their ids, and behind them those of a list.</summary>
    /// <param name="ids">Of <see cref="Read"/>.</param>
    /// <param name="list">A file with codes between commas or white space; none where it is not there.</param>
    /// <exception cref="LlamaxException">The list cannot be read, or there is no language at all.</exception>
    public static IReadOnlyList<string> Languages(IReadOnlyDictionary<string, int> ids, string list)
    {
        var own = ids.OrderBy(pair => pair.Value).Where(pair => IsLanguage(pair.Key)).Select(pair => pair.Key[Mark.Length..^Mark.Length]);
        string[] listed = !File.Exists(list) ? []
            : Reading(list, LargestList, lines => lines.SelectMany(line => line.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).ToArray());
        string[] all = [.. own.Concat(listed).Distinct(StringComparer.Ordinal)];
        return all.Length > 0 ? all : throw new LlamaxException($"{list} is missing or empty: it lists the codes of the languages, of which the dictionary has no tokens.");
    }

    private static T Reading<T>(string path, long largest, Func<IEnumerable<string>, T> read)
    {
        try
        {
            return FileStamp.Of(path).Length <= largest ? read(File.ReadLines(path, Strict))
                : throw new LlamaxException($"{path} is larger than {largest >> 10:N0} KiB, which no such file is.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static bool IsLanguage(string piece) => piece.Length > 2 * Mark.Length && piece.StartsWith(Mark, StringComparison.Ordinal)
        && piece.EndsWith(Mark, StringComparison.Ordinal) && char.IsAsciiLetter(piece[Mark.Length]);
}
