using System.Buffers;
using System.Runtime.InteropServices;
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
        var parts = CollectionsMarshal.AsSpan(segments)[first..];
        if (chars.Contains('\uFFFD'))
        {
            CountInBroken(text, parts);
        }
        else
        {
            Count(chars, parts);
        }

        ArrayPool<char>.Shared.Return(rented);
    }

    /// <summary>Puts bytes for chars.</summary>
    private static void Count(ReadOnlySpan<char> text, Span<(int Start, int Length, bool IsWord)> parts)
    {
        var rented = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var places = rented.AsSpan(0, text.Length + 1); // In bytes, by place in chars.
        var bytes = 0;
        for (var i = 0; i < text.Length; i++)
        {
            places[i] = bytes;
            bytes += 3 - (text[i] < 0x80 ? 1 : 0) - (text[i] < 0x800 ? 1 : 0) - (char.IsSurrogate(text[i]) ? 1 : 0);
        }

        places[^1] = bytes;
        foreach (ref var part in parts)
        {
            var (start, end) = (places[part.Start], places[part.Start + part.Length]);
            (part.Start, part.Length) = (start, end - start);
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Puts bytes for chars where bytes that are no UTF-8 may have become one each.</summary>
    private static void CountInBroken(ReadOnlySpan<byte> text, Span<(int Start, int Length, bool IsWord)> parts)
    {
        var at = 0;
        foreach (ref var part in parts)
        {
            var begin = at;
            for (var units = 0; units < part.Length;)
            {
                Rune.DecodeFromUtf8(text[at..], out var rune, out var bytes);
                units += rune.Utf16SequenceLength;
                at += bytes;
            }

            (part.Start, part.Length) = (begin, at - begin);
        }
    }
}
