namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>Sorts the words of a pool by their UTF-16 units and finds equal ones.</summary>
internal static class WordOrder
{
    private const int KeyLength = 4;

    /// <summary>Sorts.</summary>
    /// <returns>
    /// Order: places in the pool, in order of the words; one place of words that are equal. Numbers: by place in the pool,
    /// the word's place in that order.
    /// </returns>
    public static (int[] Order, int[] Numbers) Sort(WordPool pool)
    {
        var keys = new ulong[pool.Count];
        var places = new int[pool.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            (keys[i], places[i]) = (Key(pool[i]), i);
        }

        // Most words differ in their first characters; only those that do not are compared whole.
        Array.Sort(keys, places);
        for (var (start, end) = (0, 0); start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] == keys[start];)
            {
                end++;
            }

            if (end - start > 1)
            {
                places.AsSpan(start, end - start).Sort((a, b) => pool[a].SequenceCompareTo(pool[b]));
            }
        }

        var numbers = new int[pool.Count];
        var count = 0;
        foreach (var place in places)
        {
            if (count == 0 || !pool[place].SequenceEqual(pool[places[count - 1]]))
            {
                places[count++] = place;
            }

            numbers[place] = count - 1;
        }

        return (count == places.Length ? places : places[..count], numbers);
    }

    /// <summary>The first characters as one number that sorts as they do.</summary>
    private static ulong Key(ReadOnlySpan<char> word)
    {
        var key = 0UL;
        for (var i = 0; i < KeyLength; i++)
        {
            key = (key << 16) | (i < word.Length ? word[i] : 0u);
        }

        return key;
    }
}
