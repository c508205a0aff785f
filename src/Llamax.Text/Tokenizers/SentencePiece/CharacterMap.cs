using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// The replacements of a normaliser (such as nmt_nfkc), as the model file carries them: a double array (the layout of
/// darts-clone) over UTF-8 bytes, whose values are places in a block of zero-terminated strings.
/// </summary>
internal sealed class CharacterMap
{
    // In bytes; those of Unicode have up to 33.
    private const int LongestReplacement = 4096;
    private const int LongestRule = 4096;

    private readonly uint[] units;
    private readonly byte[] replacements;

    /// <summary>Takes the map apart.</summary>
    /// <exception cref="InvalidDataException">The lengths in it are not sound, or the double array is no tree.</exception>
    public CharacterMap(ReadOnlySpan<byte> blob)
    {
        var size = blob.Length > 4 ? BinaryPrimitives.ReadUInt32LittleEndian(blob) : 0;
        if (size < 4 || size % 4 != 0 || size > blob.Length - 4 - 1 || blob[^1] != 0)
        {
            throw new InvalidDataException("the table of its normaliser is broken");
        }

        units = MemoryMarshal.Cast<byte, uint>(blob.Slice(4, (int)size)).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(units, units);
        }

        replacements = blob[(4 + (int)size)..].ToArray();
        for (var rest = replacements.AsSpan(); !rest.IsEmpty; rest = rest[(rest.IndexOf((byte)0) + 1)..])
        {
            if (rest.IndexOf((byte)0) > LongestReplacement)
            {
                throw new InvalidDataException($"the table of its normaliser has a replacement of more than {LongestReplacement} bytes");
            }
        }

        CheckDepth();
    }

    /// <summary>Finds the longest start of <paramref name="text"/> that the map replaces.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">What stands for it; may be empty.</param>
    /// <returns>The number of bytes replaced; 0 where there is none.</returns>
    public int LongestPrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        var (found, value) = (0, 0u);
        var node = Offset(units[0]);
        for (var i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (!IsChild(node, text[i]))
            {
                break;
            }

            var hasValue = (units[node] >> 8 & 1) != 0;
            node ^= Offset(units[node]);
            if (hasValue && node < units.Length)
            {
                (found, value) = (i + 1, units[node] & 0x7FFFFFFF);
            }
        }

        replacement = default;
        if (found > 0 && value < replacements.Length)
        {
            var start = replacements.AsSpan((int)value);
            replacement = start[..start.IndexOf((byte)0)]; // The last byte of the block is a zero.
        }

        return found;
    }

    /// <summary>Finds the shortest start of <paramref name="text"/> that the map replaces.</summary>
    /// <param name="text">UTF-8; a zero byte ends it.</param>
    /// <param name="replacement">What stands for it; may be empty.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryShortestPrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        var node = Offset(units[0]);
        foreach (var label in text)
        {
            node ^= label;
            if (label == 0 || !IsChild(node, label))
            {
                break;
            }

            var hasValue = (units[node] >> 8 & 1) != 0;
            node ^= Offset(units[node]);
            if (hasValue && node < units.Length)
            {
                var start = replacements.AsSpan((int)Math.Min(units[node] & 0x7FFFFFFF, (uint)replacements.Length - 1));
                replacement = start[..start.IndexOf((byte)0)];
                return true;
            }
        }

        replacement = default;
        return false;
    }

    /// <summary>Whether rules begin with this character.</summary>
    public Inertness Inertness(ReadOnlySpan<byte> character)
    {
        var node = Offset(units[0]);
        foreach (var value in character)
        {
            node ^= value;
            if (!IsChild(node, value))
            {
                return SentencePiece.Inertness.Always;
            }

            if ((units[node] >> 8 & 1) != 0)
            {
                return SentencePiece.Inertness.Never;
            }

            node ^= Offset(units[node]);
        }

        for (var next = 0u; next < 0x80; next++)
        {
            if (IsChild(node ^ next, next))
            {
                return SentencePiece.Inertness.Never;
            }
        }

        return SentencePiece.Inertness.BeforeAscii;
    }

    /// <summary>Follows all paths from the root: every search must come to an end before long, whatever the text.</summary>
    private void CheckDepth()
    {
        // By base, in whole blocks of 256: the number of bytes of the longest way from there on, plus 1; 0: not known yet.
        var longest = new ushort[(units.Length + 255) & ~255];
        var path = new Stack<(uint Base, uint Label, int Longest)>();
        var (node, label, length) = (Offset(units[0]), 0u, 0);
        while (true)
        {
            for (; label < 256 && node < longest.Length; label++)
            {
                if (!IsChild(node ^ label, label))
                {
                    continue;
                }

                var child = node ^ label ^ Offset(units[node ^ label]);
                var known = child < longest.Length ? longest[child] : 1;
                if (known > 0)
                {
                    length = Math.Max(length, known);
                    continue;
                }

                // A circle gets too long sooner or later.
                path.Push((node, label + 1, length));
                (node, label, length) = (child, uint.MaxValue, 0); // The step of the loop makes 0 of it.
                if (path.Count > LongestRule)
                {
                    throw new InvalidDataException($"the table of its normaliser is broken: it leads in circles, or has a rule of more than {LongestRule} bytes");
                }
            }

            if (length > LongestRule)
            {
                throw new InvalidDataException($"the table of its normaliser has a rule of more than {LongestRule} bytes");
            }

            if (node < longest.Length)
            {
                longest[node] = (ushort)(length + 1);
            }

            if (!path.TryPop(out var before))
            {
                return;
            }

            (node, label, length) = (before.Base, before.Label, Math.Max(before.Longest, length + 1));
        }
    }

    private bool IsChild(uint node, uint label) => node < units.Length && (units[node] & 0x800000FF) == label;

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);
}
