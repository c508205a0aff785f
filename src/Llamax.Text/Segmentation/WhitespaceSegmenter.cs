using System.Text;

namespace Llamax.Text.Segmentation;

/// <summary>
/// Words of languages that put spaces between them: runs of letters, marks and digits, with the apostrophes and hyphens
/// inside them (<c>l'homme</c>, <c>vis-à-vis</c>). Whatever lies between two words is one part.
/// </summary>
public sealed class WhitespaceSegmenter : IUtf8WordSegmenter
{
    /// <inheritdoc/>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        for (var start = 0; start < text.Length;)
        {
            TextElement.End(text, start, out var kind);
            var isWord = kind is ElementKind.Spaced or ElementKind.Unspaced;
            var end = isWord ? TextElement.EndOfWord(text, start, stopAtUnspaced: false) : TextElement.EndOfRest(text, start);
            segments.Add((start, end - start, isWord));
            start = end;
        }
    }

    /// <inheritdoc/>
    public void Segment(ReadOnlySpan<byte> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        var first = segments.Count;
        if (!TrySegment(text, segments))
        {
            segments.RemoveRange(first, segments.Count - first);
            Utf8Segmentation.SegmentChars(this, text, segments);
        }
    }

    /// <summary>
    /// Goes by characters, which give the same words as clusters do unless a mark stands on something other than a letter
    /// or a character takes the next one to itself: then it gives up.
    /// </summary>
    private static bool TrySegment(ReadOnlySpan<byte> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        var kinds = CharacterKinds.Basic;
        var start = 0;
        var joiner = -1; // Where an apostrophe or hyphen stands behind a word, as long as it is the last character.
        var inWord = false;
        for (var at = 0; at < text.Length;)
        {
            var (kind, length) = text[at] < 0x80 ? (kinds[text[at]], 1) : Decode(text[at..], kinds);
            switch (kind)
            {
                case CharacterKind.Word:
                    if (!inWord)
                    {
                        if (at > start)
                        {
                            segments.Add((start, at - start, false));
                        }

                        (start, inWord) = (at, true);
                    }

                    joiner = -1;
                    break;
                case CharacterKind.Mark when inWord && joiner < 0:
                    break;
                case CharacterKind.Joiner when inWord && joiner < 0:
                    joiner = at;
                    break;
                case CharacterKind.Joiner or CharacterKind.Other:
                    if (inWord)
                    {
                        var end = joiner < 0 ? at : joiner;
                        segments.Add((start, end - start, true));
                        (start, inWord, joiner) = (end, false, -1);
                    }

                    break;
                default:
                    return false;
            }

            at += length;
        }

        if (inWord && joiner >= 0)
        {
            segments.Add((start, joiner - start, true));
            (start, inWord) = (joiner, false);
        }

        if (text.Length > start)
        {
            segments.Add((start, text.Length - start, inWord));
        }

        return true;
    }

    private static (CharacterKind Kind, int Length) Decode(ReadOnlySpan<byte> text, CharacterKind[] kinds)
    {
        if (text.Length > 1 && text[0] is >= 0xC2 and < 0xE0 && (text[1] & 0xC0) == 0x80)
        {
            return (kinds[((text[0] & 0x1F) << 6) | (text[1] & 0x3F)], 2);
        }

        Rune.DecodeFromUtf8(text, out var rune, out var length);
        return (rune.IsBmp ? kinds[rune.Value] : CharacterKinds.Of(rune), length);
    }
}
