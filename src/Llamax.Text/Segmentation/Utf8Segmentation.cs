using System.Buffers;
using System.Text;

namespace Llamax.Text.Segmentation;

/// <summary>Has any segmenter cut UTF-8.</summary>
public static class Utf8Segmentation
{
    /// <summary>Appends the parts of a text; a segmenter that knows no UTF-8 sees it as chars.</summary>
    /// <param name="segmenter">Cuts the text.</param>
    /// <param name="text">A sentence in UTF-8; what is none counts as U+FFFD.</param>
    /// <param name="segments">Receives start, length (in bytes) and whether the part is a word.</param>
    public static void Segment(IWordSegmenter segmenter, ReadOnlySpan<byte> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        if (segmenter is IUtf8WordSegmenter utf8)
        {
            utf8.Segment(text, segments);
        }
        else
        {
            SegmentChars(segmenter, text, segments);
        }
    }

    internal static void SegmentChars(IWordSegmenter segmenter, ReadOnlySpan<byte> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        var chars = rented.AsSpan(0, Encoding.UTF8.GetChars(text, rented));
        var first = segments.Count;
        segmenter.Segment(chars, segments);
        var at = 0;
        for (var i = first; i < segments.Count; i++)
        {
            var (start, length, isWord) = segments[i];
            var begin = at;
            for (var units = 0; units < length;)
            {
                Rune.DecodeFromUtf8(text[at..], out var rune, out var bytes); // What is no UTF-8 became one char.
                units += rune.Utf16SequenceLength;
                at += bytes;
            }

            segments[i] = (begin, at - begin, isWord);
        }

        ArrayPool<char>.Shared.Return(rented);
    }
}
