using System.Runtime.Intrinsics;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// What SentencePiece does to a text before cutting it: replacements from the model's table, spaces taken away at the
/// ends and where doubled, a space put before the text, spaces written as ▁ (U+2581).
/// </summary>
internal sealed class Normalizer
{
    // A byte gives at most three (▁, U+FFFD), and copies are made 16 bytes at a time.
    private const int MostPerByte = 3;
    private const int Spare = 16;

    private readonly NormalizerSpec spec;
    private readonly bool spaceAsSuffix;
    private readonly CharacterMap? map;
    private readonly ByteTrie? userDefined;
    private readonly InertCharacters inert;
    private readonly bool spaceIsPlain;

    /// <summary>Prepares the normaliser.</summary>
    /// <param name="spec">What is to be done.</param>
    /// <param name="spaceAsSuffix">Whether the dummy space comes after the text.</param>
    /// <param name="userDefined">Strings that stay as they are; null for none.</param>
    /// <exception cref="InvalidDataException">The table of replacements is broken.</exception>
    public Normalizer(NormalizerSpec spec, bool spaceAsSuffix = false, ByteTrie? userDefined = null)
    {
        (this.spec, this.spaceAsSuffix, this.userDefined) = (spec, spaceAsSuffix, userDefined);
        map = spec.CharacterMap.Length > 0 ? new CharacterMap(spec.CharacterMap) : null;
        inert = new InertCharacters(map, userDefined);
        spaceIsPlain = !(userDefined?.Child(ByteTrie.Root, (byte)' ') >= 0) && map?.Inertness(" "u8) is null or Inertness.Always;
        Space = spec.EscapeWhitespaces ? "▁"u8.ToArray() : " "u8.ToArray();
    }

    /// <summary>How a space is written.</summary>
    public byte[] Space { get; }

    /// <summary>Whether all it does to valid UTF-8 is a dummy space and ▁ for every space.</summary>
    public bool OnlyEscapes => map is null && spec.EscapeWhitespaces && !spec.RemoveExtraWhitespaces;

    /// <summary>Does all but writing spaces as ▁, where <see cref="OnlyEscapes"/>.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="output">Receives the result at its end.</param>
    public void NormalizeUnescaped(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var dummy = spec.AddDummyPrefix && !text.IsEmpty ? " "u8 : default;
        output.Append(spaceAsSuffix ? default : dummy);
        output.Append(text);
        output.Append(spaceAsSuffix ? dummy : default);
    }

    /// <summary>Normalises a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="output">Receives the result at its end.</param>
    public void Normalize(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        if (spec.RemoveExtraWhitespaces)
        {
            while (!text.IsEmpty && Prefix(text, out var length).SequenceEqual(" "u8))
            {
                text = text[length..];
            }
        }

        if (text.IsEmpty)
        {
            return;
        }

        var start = output.Length;
        if (spec.AddDummyPrefix && !spaceAsSuffix)
        {
            output.Append(Space);
        }

        AppendBody(text, output);
        if (spec.RemoveExtraWhitespaces)
        {
            while (output.Written[start..].EndsWith(Space))
            {
                output.Truncate(output.Length - Space.Length);
            }
        }

        if (spec.AddDummyPrefix && spaceAsSuffix)
        {
            output.Append(Space);
        }
    }

    private void AppendBody(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var target = output.Reserve(MostPerByte * (long)text.Length + Spare);
        var (read, written, afterSpace) = (0, 0, spec.RemoveExtraWhitespaces);
        while (read < text.Length)
        {
            var copied = CopyInert(text, read, target[written..]);
            if (copied > 0)
            {
                (read, written, afterSpace) = (read + copied, written + copied, false);
                continue;
            }

            if (text[read] == ' ' && spaceIsPlain)
            {
                if (!afterSpace)
                {
                    Space.CopyTo(target[written..]);
                    written += Space.Length;
                }

                (read, afterSpace) = (read + 1, spec.RemoveExtraWhitespaces);
                continue;
            }

            var part = Prefix(text[read..], out var length);
            read += length;
            part = afterSpace ? part.TrimStart((byte)' ') : part;
            if (part.IsEmpty)
            {
                continue;
            }

            if (part.Length > length)
            {
                output.Advance(written);
                target = output.Reserve(MostPerByte * ((long)text.Length - read + part.Length) + Spare);
                written = 0;
            }

            written += Escape(part, target[written..]);
            afterSpace = spec.RemoveExtraWhitespaces && part[^1] == ' ';
        }

        output.Advance(written);
    }

    /// <summary>Copies characters as long as the rules leave them as they are; none of them is a space.</summary>
    /// <returns>How many bytes were copied. What stands behind them in <paramref name="target"/> may be overwritten, too.</returns>
    private int CopyInert(ReadOnlySpan<byte> text, int start, Span<byte> target)
    {
        var place = start;
        while (place < text.Length)
        {
            var to = target[(place - start)..];
            int length, last;
            if (text[place] < 0x80)
            {
                length = 1;
                to[0] = text[place];
                if (inert.AreGraphicInert && text.Length - place >= Vector128<byte>.Count)
                {
                    var bytes = Vector128.Create(text[place..]);
                    bytes.CopyTo(to);
                    length = Math.Max(1, InertCharacters.CountGraphic(bytes));
                }

                last = place + length - 1;
                if (IsReplaced(text, last, 1, text[last]))
                {
                    return last - start;
                }
            }
            else
            {
                length = Utf8.DecodeBasic(text[place..], out var value);
                if (length == 0 || IsReplaced(text, place, length, value))
                {
                    break;
                }

                (to[0], to[1], to[2]) = (text[place], text[place + 1], text[place + length - 1]);
            }

            place += length;
        }

        return place - start;
    }

    private bool IsReplaced(ReadOnlySpan<byte> text, int start, int length, int codePoint)
    {
        var inertness = inert[codePoint];
        return inertness != Inertness.Always && (inertness == Inertness.Never
            || (start + length < text.Length && text[start + length] >= 0x80 && map!.LongestPrefix(text[start..], out _) > 0));
    }

    /// <summary>Copies a replacement, spaces as the model writes them.</summary>
    private int Escape(ReadOnlySpan<byte> part, Span<byte> target)
    {
        var written = 0;
        foreach (var value in part)
        {
            if (value == ' ')
            {
                Space.CopyTo(target[written..]);
                written += Space.Length;
            }
            else
            {
                target[written++] = value;
            }
        }

        return written;
    }

    /// <summary>The normalised form of the shortest start of the text that has one, and that start's length.</summary>
    private ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> text, out int length)
    {
        length = userDefined?.LongestPrefix(text) ?? 0;
        if (length > 0)
        {
            return text[..length];
        }

        if (map is not null)
        {
            length = map.LongestPrefix(text, out var replacement);
            if (length > 0)
            {
                return replacement;
            }
        }

        if (Rune.DecodeFromUtf8(text, out _, out length) == System.Buffers.OperationStatus.Done)
        {
            return text[..length];
        }

        length = 1; // One replacement character for each byte that belongs to no character.
        return "\uFFFD"u8;
    }
}
