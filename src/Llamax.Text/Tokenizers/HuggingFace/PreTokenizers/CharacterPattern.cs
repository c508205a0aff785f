using System.Text;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary>Matches characters by their kind.</summary>
/// <param name="kind">The kind of a character; 0 for those that do not match.</param>
/// <param name="inRuns">Whether characters of one kind that stand together are one match.</param>
internal sealed class CharacterPattern(Func<Rune, int> kind, bool inRuns) : SplitPattern
{
    /// <summary>Matches each character of a kind by itself.</summary>
    public static CharacterPattern Each(Func<Rune, bool> isMatch) => new(rune => isMatch(rune) ? 1 : 0, inRuns: false);

    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<byte> utf8, SplitPieces pieces)
    {
        pieces.Clear();
        var (at, last) = (0, 0);
        while (at < utf8.Length)
        {
            Rune.DecodeFromUtf8(utf8[at..], out var rune, out var length);
            var current = kind(rune);
            if (at > 0 && (current != last || (current > 0 && !inRuns)))
            {
                pieces.Add(at, last > 0);
            }

            last = current;
            at += length;
        }

        if (at > 0)
        {
            pieces.Add(at, last > 0);
        }
    }
}
