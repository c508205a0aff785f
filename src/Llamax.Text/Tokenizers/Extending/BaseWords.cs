using System.Runtime.InteropServices;
using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>
/// The different words of a corpus with their counts, normalised as the base model does it. A word is a stretch of text
/// that no piece of the base reaches out of, so each can be encoded for itself.
/// </summary>
internal sealed class BaseWords
{
    /// <summary>Characters of different words that are held: with what the learner keeps for each, 1.5 GB.</summary>
    public const int MaximumCharacters = 1 << 26;

    private readonly Normalizer normalizer;
    private readonly ByteTrie? frozen;
    private readonly ByteBuffer normalized = new();
    private readonly bool cutBeforeSpace;
    private readonly bool cutAfterSpace;
    private readonly Dictionary<string, long> counts = [];
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private char[] characters = new char[1024];
    private long held;

    public BaseWords(SentencePieceModel model)
    {
        var userDefined = model.Pieces.Where(piece => piece.Type == PieceType.UserDefined)
            .Select((piece, i) => (Encoding.UTF8.GetBytes(piece.Text), i)).ToArray();
        frozen = userDefined.Length > 0 ? new ByteTrie(userDefined) : null;
        normalizer = new Normalizer(model.Normalizer, model.TreatWhitespaceAsSuffix, frozen);
        Space = model.Normalizer.EscapeWhitespaces ? '▁' : ' ';
        SpaceAsSuffix = model.TreatWhitespaceAsSuffix;
        var mergeable = model.Pieces.Where(piece => piece.Type is PieceType.Normal or PieceType.UserDefined or PieceType.Unused).ToList();
        cutBeforeSpace = !SpaceAsSuffix && !mergeable.Exists(piece => Meets(piece.Text, spaceFirst: false));
        cutAfterSpace = SpaceAsSuffix && !mergeable.Exists(piece => Meets(piece.Text, spaceFirst: true));
        lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How the base writes a space.</summary>
    public char Space { get; }

    /// <summary>Whether a space ends a word instead of beginning it.</summary>
    public bool SpaceAsSuffix { get; }

    /// <summary>The words with their counts.</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>Counts the words of a line.</summary>
    /// <exception cref="LlamaxException">The corpus has more different words than can be held.</exception>
    public void Add(string line)
    {
        normalized.Truncate(0);
        normalizer.Normalize(Encoding.UTF8.GetBytes(line), normalized);
        var rest = normalized.Written;
        if (frozen is null)
        {
            Split(rest);
            return;
        }

        // A user-defined symbol takes part in no merge: the text ends there.
        for (var (start, at) = (0, 0); ;)
        {
            var length = at < rest.Length ? frozen.LongestPrefix(rest[at..]) : 0;
            if (length > 0 || at == rest.Length)
            {
                Split(rest[start..at]);
                (start, at) = (at + length, at + length);
                if (start == rest.Length)
                {
                    return;
                }
            }
            else
            {
                Rune.DecodeFromUtf8(rest[at..], out _, out length);
                at += length;
            }
        }
    }

    private bool Meets(string piece, bool spaceFirst)
    {
        for (var i = 1; i < piece.Length; i++)
        {
            if ((piece[i - 1] == Space) == spaceFirst && (piece[i] == Space) != spaceFirst)
            {
                return true;
            }
        }

        return false;
    }

    private void Split(ReadOnlySpan<byte> utf8)
    {
        if (characters.Length < utf8.Length)
        {
            characters = new char[utf8.Length];
        }

        var text = characters.AsSpan(0, Encoding.UTF8.GetChars(utf8, characters));
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var (before, after) = (text[i - 1] == Space, text[i] == Space);
            if ((cutBeforeSpace && !before && after) || (cutAfterSpace && before && !after) || text[i] == PieceLearner.WordEnd)
            {
                Count(text[start..i]);
                start = i;
            }
        }

        Count(text[start..]);
    }

    private void Count(ReadOnlySpan<char> word)
    {
        word = word.TrimStart(PieceLearner.WordEnd);
        if (word.IsEmpty)
        {
            return;
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, word, out var known);
        count++;
        held += known ? 0 : word.Length + 1;
        if (held > MaximumCharacters)
        {
            throw new LlamaxException(
                $"Vocabulary extension: the corpus has different words of more than {MaximumCharacters:N0} characters. Give a part of it, for "
                + "example every tenth line: rarer words do not become pieces anyway.");
        }
    }
}
