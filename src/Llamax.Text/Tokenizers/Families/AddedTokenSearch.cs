using System.Buffers;
using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>Cuts a text at the added tokens in it, as Hugging Face's tokenizers in Python do.</summary>
internal sealed class AddedTokenSearch
{
    private readonly Dictionary<int, AddedToken> byId;
    private readonly SpecialTokenMatcher? matcher;

    /// <summary>Prepares the search.</summary>
    /// <param name="tokens">Tokens with different names and ids.</param>
    public AddedTokenSearch(IEnumerable<AddedToken> tokens)
    {
        byId = tokens.ToDictionary(token => token.Id);
        var names = byId.Values.Select(token => (Encoding.UTF8.GetBytes(token.Name), token.Id)).ToArray();
        matcher = names.Length > 0 ? new SpecialTokenMatcher(names) : null;
    }

    /// <summary>Finds the next token at or after <paramref name="from"/>.</summary>
    /// <param name="text">The text in UTF-8.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="before">The text between, less what the token takes of it; it ends where the token begins.</param>
    /// <param name="after">Where the text goes on behind the token and what it takes of the following.</param>
    /// <param name="token">The token.</param>
    /// <returns>Whether there is one.</returns>
    public bool Next(ReadOnlySpan<byte> text, int from, out ReadOnlySpan<byte> before, out int after, out AddedToken token)
    {
        var at = from;
        while (matcher is not null && matcher.Next(text, at, out var start, out var length, out var id))
        {
            (token, after) = (byId[id], start + length);
            if (token.SingleWord && ((start > 0 && text[start - 1] != ' ') || (after < text.Length && text[after] != ' ')))
            {
                at = after;
                continue;
            }

            before = text[from..start];
            before = token.LeftStrip ? before[..^WhiteSpaceAtEnd(before)] : before;
            after += token.RightStrip ? WhiteSpaceAtStart(text[after..]) : 0;
            return true;
        }

        before = default;
        (after, token) = (text.Length, null!);
        return false;
    }

    private static int WhiteSpaceAtStart(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (Rune.DecodeFromUtf8(text[count..], out var rune, out var length) == OperationStatus.Done && IsWhiteSpace(rune))
        {
            count += length;
        }

        return count;
    }

    private static int WhiteSpaceAtEnd(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (Rune.DecodeLastFromUtf8(text[..^count], out var rune, out var length) == OperationStatus.Done && IsWhiteSpace(rune))
        {
            count += length;
        }

        return count;
    }

    /// <summary>What Python's <c>str.strip</c> takes away: Unicode's white space and the four separators of ASCII.</summary>
    private static bool IsWhiteSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;
}
