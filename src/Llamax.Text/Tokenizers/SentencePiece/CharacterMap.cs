using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// The replacements of a normaliser (such as nmt_nfkc), as the model file carries them: a double array (the layout of
/// darts-clone) over UTF-8 bytes, whose values are places in a block of zero-terminated strings.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] units;
    private readonly byte[] replacements;

    /// <summary>Takes the map apart.</summary>
    /// <exception cref="InvalidDataException">The lengths in it are not sound.</exception>
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

    private bool IsChild(uint node, uint label) => node < units.Length && (units[node] & 0x800000FF) == label;

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);
}
