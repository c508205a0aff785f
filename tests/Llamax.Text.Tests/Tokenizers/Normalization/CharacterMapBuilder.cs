using System.Buffers.Binary;
using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.Normalization;

/// <summary>Makes the table of a normaliser as a model file carries it (<see cref="NormalizerSpec.CharacterMap"/>).</summary>
internal static class CharacterMapBuilder
{
    /// <summary>The table of any replacements.</summary>
    /// <param name="rules">What stands for what; neither may hold a zero character.</param>
    public static byte[] Build(IReadOnlyDictionary<string, string> rules)
    {
        using var replacements = new MemoryStream();
        var places = new Dictionary<string, int>();
        var entries = new (byte[] Key, int Value)[rules.Count];
        var count = 0;
        foreach (var (sequence, replacement) in Sorted(rules))
        {
            if (!places.TryGetValue(replacement, out var place))
            {
                places.Add(replacement, place = (int)replacements.Length);
                replacements.Write(Encoding.UTF8.GetBytes(replacement));
                replacements.WriteByte(0);
            }

            entries[count++] = (sequence, place);
        }

        var units = DoubleArrayBuilder.Build(entries);
        var table = new byte[4 + (4 * units.Length) + replacements.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(table, (uint)(4 * units.Length));
        for (var i = 0; i < units.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4 + (4 * i)), units[i]);
        }

        replacements.ToArray().CopyTo(table, 4 + (4 * units.Length));
        return table;
    }

    /// <summary>The rules by the bytes of their sequences: sorted by the first eight, which leave few equal ones to compare.</summary>
    private static (byte[] Sequence, string Replacement)[] Sorted(IReadOnlyDictionary<string, string> rules)
    {
        var keys = new ulong[rules.Count];
        var sorted = new (byte[] Sequence, string Replacement)[rules.Count];
        var count = 0;
        Span<byte> first = stackalloc byte[8];
        foreach (var (sequence, replacement) in rules)
        {
            var bytes = Encoding.UTF8.GetBytes(sequence);
            first.Clear();
            bytes.AsSpan(0, Math.Min(bytes.Length, first.Length)).CopyTo(first);
            keys[count] = BinaryPrimitives.ReadUInt64BigEndian(first);
            sorted[count++] = (bytes, replacement);
        }

        Array.Sort(keys, sorted);
        for (var from = 0; from < count;)
        {
            var to = from + 1;
            while (to < count && keys[to] == keys[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                sorted.AsSpan(from..to).Sort((a, b) => a.Sequence.AsSpan().SequenceCompareTo(b.Sequence));
            }

            from = to;
        }

        return sorted;
    }
}
