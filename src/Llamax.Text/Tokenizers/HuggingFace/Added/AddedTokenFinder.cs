using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

namespace Llamax.Text.Tokenizers.HuggingFace.Added;

/// <summary>
/// Finds added tokens in a text, from left to right, the longest of those that begin at a place. A token that is no
/// single word, or special where special tokens are text, hides what overlaps with it all the same: so does the library.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly SpecialTokenMatcher? matcher;
    private readonly Dictionary<int, (AddedToken Token, bool Special)> tokens = [];

    /// <summary>Prepares the search.</summary>
    /// <param name="names">What to look for in UTF-8, not empty, with the ids; of several alike the first one counts.</param>
    /// <param name="vocabulary">Knows the tokens of the ids.</param>
    public AddedTokenFinder(IEnumerable<(byte[] Name, int Id)> names, AddedVocabulary vocabulary)
    {
        var distinct = names.DistinctBy(name => Convert.ToHexString(name.Name)).ToArray();
        matcher = distinct.Length > 0 ? new SpecialTokenMatcher(distinct) : null;
        foreach (var (_, id) in distinct)
        {
            var token = vocabulary.Token(id)!;
            tokens[id] = (token, vocabulary.IsSpecial(token.Content));
        }
    }

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => matcher is null;

    /// <summary>Finds the next token.</summary>
    /// <param name="text">Well-formed UTF-8.</param>
    /// <param name="special">Whether special tokens count.</param>
    /// <param name="from">Where to look on; moved behind the token's name.</param>
    /// <param name="spaceEnd">Where the white space behind a token ended that was looked at last, 0 at first: no run of it is gone through twice.</param>
    /// <param name="taken">Up to where tokens before have taken the text.</param>
    /// <param name="match">Where the token lies, with the white space that it takes; its id.</param>
    /// <returns>Whether there is one.</returns>
    public bool Next(
        ReadOnlySpan<byte> text, SpecialTokens special, ref int from, ref int spaceEnd, int taken, out (int Start, int End, int Id) match)
    {
        match = default;
        while (matcher is not null && matcher.Next(text, from, out var start, out var length, out var id))
        {
            var end = from = start + length;
            var (token, isSpecial) = tokens[id];
            if ((isSpecial && special == SpecialTokens.Text) || (token.SingleWord && IsInWord(text, start, end)))
            {
                continue;
            }

            if (token.StripLeft && taken > start)
            {
                start = taken;
            }
            else if (token.StripLeft)
            {
                start -= SpacesAtEnd(text[taken..start]);
            }

            if (token.StripRight)
            {
                spaceEnd = end < spaceEnd ? spaceEnd : end + SpacesAtStart(text[end..]);
                end = spaceEnd;
            }

            if (start < end) // Otherwise a token before has taken it all as white space.
            {
                match = (start, end, id);
                return true;
            }
        }

        return false;
    }

    private static bool IsInWord(ReadOnlySpan<byte> text, int start, int end) =>
        (start > 0 && Rune.DecodeLastFromUtf8(text[..start], out var before, out _) == System.Buffers.OperationStatus.Done && CharacterKinds.IsWord(before))
        || (end < text.Length && Rune.DecodeFromUtf8(text[end..], out var after, out _) == System.Buffers.OperationStatus.Done && CharacterKinds.IsWord(after));

    private static int SpacesAtEnd(ReadOnlySpan<byte> text)
    {
        var rest = text;
        while (Rune.DecodeLastFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done && Rune.IsWhiteSpace(rune))
        {
            rest = rest[..^length];
        }

        return text.Length - rest.Length;
    }

    private static int SpacesAtStart(ReadOnlySpan<byte> text)
    {
        var rest = text;
        while (Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done && Rune.IsWhiteSpace(rune))
        {
            rest = rest[length..];
        }

        return text.Length - rest.Length;
    }
}
