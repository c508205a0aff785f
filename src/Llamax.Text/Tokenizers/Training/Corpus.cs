using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>What a trainer needs to know of a corpus: its different words with their counts, and its characters.</summary>
internal sealed class Corpus
{
    /// <summary>Stands for reserved strings (such as <c>&lt;s&gt;</c>) found in the text; no piece reaches over it.</summary>
    public const char Boundary = '\t';

    private readonly BpeTrainerOptions options;
    private readonly Normalizer normalizer;
    private readonly ByteTrie reserved;
    private readonly ByteBuffer normalized = new();
    private readonly ByteBuffer bounded = new();
    private readonly Dictionary<string, long> words = [];
    private readonly Dictionary<int, long> characters = [];

    /// <summary>Opens an empty one.</summary>
    /// <param name="options">Says whether sentences are split at spaces.</param>
    /// <param name="spec">How sentences are normalised.</param>
    /// <param name="reserved">Strings that are pieces already.</param>
    public Corpus(BpeTrainerOptions options, NormalizerSpec spec, IEnumerable<string> reserved)
    {
        (this.options, normalizer) = (options, new Normalizer(spec));
        this.reserved = new ByteTrie(reserved.Select((piece, id) => (Encoding.UTF8.GetBytes(piece), id)));
    }

    /// <summary>Words with their counts, in order of their first appearance. A space is written ▁ and begins a word.</summary>
    public IReadOnlyDictionary<string, long> Words => words;

    /// <summary>Counts a sentence's words.</summary>
    public void Add(string sentence)
    {
        normalized.Truncate(0);
        bounded.Truncate(0);
        normalizer.Normalize(Encoding.UTF8.GetBytes(sentence), normalized);
        for (var rest = normalized.Written; !rest.IsEmpty;)
        {
            var length = reserved.LongestPrefix(rest);
            if (length > 0)
            {
                bounded.Append("\t"u8);
            }
            else
            {
                Rune.DecodeFromUtf8(rest, out _, out length);
                bounded.Append(rest[..length]);
            }

            rest = rest[length..];
        }

        var text = Encoding.UTF8.GetString(bounded.Written);
        foreach (var rune in text.EnumerateRunes())
        {
            Count(characters, rune.Value);
        }

        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '▁' && options.SplitByWhitespace)
            {
                Count(words, text[start..i]);
                start = i;
            }
        }

        if (start < text.Length)
        {
            Count(words, text[start..]);
        }
    }

    /// <summary>
    /// The most frequent characters that together make up the wanted share of the corpus: most frequent first, by code
    /// point among equals.
    /// </summary>
    public IReadOnlyList<int> Alphabet()
    {
        characters.Remove(0); // No piece may hold a zero: the format's users end strings with it.
        var (all, covered) = (characters.Values.Sum(), 0L);
        var alphabet = new List<int>();
        foreach (var (character, count) in characters.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key))
        {
            // SentencePiece compares in single precision.
            if ((float)(1.0 * covered / all) >= (float)options.CharacterCoverage)
            {
                break;
            }

            covered += count;
            if (character != Boundary)
            {
                alphabet.Add(character);
            }
        }

        return alphabet;
    }

    private static void Count<T>(Dictionary<T, long> counts, T item)
        where T : notnull =>
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, item, out _)++;
}
