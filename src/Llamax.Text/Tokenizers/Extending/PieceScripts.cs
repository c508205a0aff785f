using System.Globalization;
using System.Text;
using Llamax.Text.Characters;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>
/// Which strings are specific to a language, by script. A piece of several characters is letters and the marks on them,
/// all of one wanted script, perhaps with a space at its outer end; a single character may also be a digit or a sign of
/// such a script. Every piece thus has a character that other scripts' texts lack, so their tokens stay what they were.
/// </summary>
internal sealed class PieceScripts
{
    /// <summary>A script dominates a corpus from this share of its letters on.</summary>
    public const double Dominant = 0.25;

    private const string Inherited = "Inherited";

    private readonly HashSet<string> wanted;
    private readonly ExtensionOptions options;
    private readonly char space;
    private readonly bool spaceAsSuffix;

    public PieceScripts(ExtensionOptions options, BaseWords words)
    {
        (this.options, space, spaceAsSuffix) = (options, words.Space, words.SpaceAsSuffix);
        var letters = Count(words.Counts);
        var all = letters.Values.Sum();
        wanted = options.Scripts.Count > 0 ? [.. options.Scripts.Select(name => Known(name, letters))]
            : [.. letters.Where(script => options.AnyScript || script.Value >= Dominant * all).Select(script => script.Key)];
        if (wanted.Count == 0)
        {
            throw new LlamaxException("Vocabulary extension: no script dominates the corpus. Name the wanted ones with --script, or allow all with --any-script.");
        }
    }

    /// <summary>The scripts that new pieces are of, sorted.</summary>
    public IReadOnlyList<string> Names => [.. wanted.Order(StringComparer.Ordinal)];

    /// <summary>Whether a string may become a piece.</summary>
    public bool Allow(ReadOnlySpan<char> piece)
    {
        var length = 0;
        foreach (var _ in piece.EnumerateRunes())
        {
            length++;
        }

        if (length > options.MaxPieceLength)
        {
            return false;
        }

        var spaced = piece.Length > 1 && piece[spaceAsSuffix ? ^1 : 0] == space;
        var rest = !spaced ? piece : spaceAsSuffix ? piece[..^1] : piece[1..];
        string? first = null;
        foreach (var rune in rest)
        {
            if (rune == space)
            {
                return false;
            }
        }

        foreach (var rune in rest.EnumerateRunes())
        {
            var script = Script(rune);
            if (script == Inherited ? first is null : !wanted.Contains(script) || (first ?? script) != script || (length > 1 && !IsLetter(rune)))
            {
                return false;
            }

            first ??= script;
        }

        return first is not null;
    }

    private static string Script(Rune rune) => rune.Value == 'ー' ? "Han" : UnicodeScripts.Default.Of(rune.Value) switch
    {
        "Hiragana" or "Katakana" => "Han", // As in SentencePiece: Japanese mixes the three.
        var script => script,
    };

    private static bool IsLetter(Rune rune) => Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static Dictionary<string, long> Count(IReadOnlyDictionary<string, long> words)
    {
        var letters = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, count) in words)
        {
            foreach (var rune in word.EnumerateRunes())
            {
                if (Rune.IsLetter(rune) && Script(rune) is not ("Common" or Inherited) and var script)
                {
                    letters[script] = letters.GetValueOrDefault(script) + count;
                }
            }
        }

        return letters;
    }

    private static string Known(string name, Dictionary<string, long> letters)
    {
        var script = name is "Hiragana" or "Katakana" ? "Han" : name;
        return letters.ContainsKey(script) ? script : throw new LlamaxException(
            $"--script {name}: the corpus has no letters of such a script; it has {string.Join(", ", letters.OrderByDescending(pair => pair.Value).Select(pair => pair.Key))}.");
    }
}
