using System.Buffers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>Finds the names of special tokens in text: the leftmost, and of those that start there the longest.</summary>
internal sealed class SpecialTokenMatcher
{
    private readonly ByteTrie names;
    private readonly SearchValues<byte> firstBytes;

    /// <summary>Prepares the search.</summary>
    /// <param name="tokens">Different, non-empty names in UTF-8 with their ids.</param>
    public SpecialTokenMatcher(IReadOnlyCollection<(byte[] Name, int Id)> tokens)
    {
        names = new ByteTrie(tokens.Select(token => (token.Name, token.Id)));
        firstBytes = SearchValues.Create([.. tokens.Select(token => token.Name[0]).Distinct()]);
    }

    /// <summary>The next name at or after <paramref name="from"/>.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Next(ReadOnlySpan<byte> utf8, int from, out int start, out int length, out int id)
    {
        for (start = from; start < utf8.Length; start++)
        {
            var skip = utf8[start..].IndexOfAny(firstBytes);
            if (skip < 0)
            {
                break;
            }

            start += skip;
            (length, id) = Longest(utf8[start..]);
            if (length > 0)
            {
                return true;
            }
        }

        (start, length, id) = (utf8.Length, 0, -1);
        return false;
    }

    private (int Length, int Id) Longest(ReadOnlySpan<byte> text)
    {
        var (length, id, node) = (0, -1, ByteTrie.Root);
        for (var i = 0; i < text.Length && names.Step(ref node, text[i], out var found); i++)
        {
            (length, id) = found >= 0 ? (i + 1, found) : (length, id);
        }

        return (length, id);
    }
}
