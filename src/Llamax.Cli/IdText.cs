using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Llamax.Cli;

/// <summary>Prints ids, each with a space behind it: the digits of every id are made once and lie ready in eight bytes.</summary>
internal sealed class IdText
{
    private const int MostIds = 10_000_000; // Seven digits and the space.

    /// <summary>Most ids that can be appended at a time: their text still fits into an array.</summary>
    public const int MostAtATime = 190_000_000;

    private readonly ulong[] texts;

    /// <summary>Prepares the ids of a vocabulary.</summary>
    /// <param name="vocabularySize">Number of ids.</param>
    public IdText(int vocabularySize)
    {
        texts = new ulong[Math.Min(vocabularySize, MostIds)];
        Span<byte> text = stackalloc byte[8];
        for (var id = 0; id < texts.Length; id++)
        {
            text.Clear();
            id.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
            text[length] = (byte)' ';
            texts[id] = BinaryPrimitives.ReadUInt64LittleEndian(text);
        }
    }

    /// <summary>Appends the ids with a space between any two.</summary>
    /// <param name="ids">The ids, at most <see cref="MostAtATime"/>.</param>
    /// <param name="output">Receives the digits.</param>
    public void Append(ReadOnlySpan<int> ids, ArrayBufferWriter<byte> output)
    {
        if (ids.IsEmpty)
        {
            return;
        }

        // An id beyond the table has at most ten digits; the last eight bytes are written whole and then run over.
        var space = output.GetSpan(checked((ids.Length * 11) + 8));
        var at = 0;
        foreach (var id in ids)
        {
            if ((uint)id < (uint)texts.Length)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(space[at..], texts[id]);
                at += sizeof(ulong) - (BitOperations.LeadingZeroCount(texts[id]) / 8);
            }
            else
            {
                at += Encoding.UTF8.GetBytes(id.ToString(CultureInfo.InvariantCulture), space[at..]);
                space[at++] = (byte)' ';
            }
        }

        output.Advance(at - 1);
    }
}
