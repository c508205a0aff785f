namespace Llamax.Text.Tokenizers.Training;

/// <summary>A stable order of many things by numbers.</summary>
internal static class RadixSort
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;

    /// <summary>The places of the keys, ascending by key, equal ones in their order.</summary>
    public static int[] Order(ReadOnlySpan<ulong> keys)
    {
        var (order, other) = (new int[keys.Length], new int[keys.Length]);
        var (all, any) = (ulong.MaxValue, 0UL);
        for (var i = 0; i < keys.Length; i++)
        {
            order[i] = i;
            all &= keys[i];
            any |= keys[i];
        }

        Span<int> starts = stackalloc int[Digits];
        for (var shift = 0; shift < 64 && (all ^ any) >> shift != 0; shift += DigitBits)
        {
            if ((((all ^ any) >> shift) & (Digits - 1)) == 0)
            {
                continue; // The same digit everywhere.
            }

            starts.Clear();
            foreach (var key in keys)
            {
                starts[(int)(key >> shift) & (Digits - 1)]++;
            }

            var sum = 0;
            foreach (ref var start in starts)
            {
                (start, sum) = (sum, sum + start);
            }

            foreach (var place in order)
            {
                other[starts[(int)(keys[place] >> shift) & (Digits - 1)]++] = place;
            }

            (order, other) = (other, order);
        }

        return order;
    }

    /// <summary>A key by which the greatest number comes first.</summary>
    public static ulong Descending(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value + 0.0F); // Makes one zero of the two.
        return (bits & 0x80000000) != 0 ? bits : ~bits & 0x7FFFFFFF;
    }
}
