namespace Llamax.Text.Randomness;

/// <summary>The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.</summary>
public static class SplitMix64
{
    private const ulong Increment = 0x9E3779B97F4A7C15; // 2^64 divided by the golden ratio, odd.

    /// <summary>The generator's finaliser, a permutation of the numbers: every input bit moves every output bit.</summary>
    /// <param name="value">Any number; 0 stays 0.</param>
    public static ulong Mix(ulong value)
    {
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EB);
        return value ^ (value >> 31);
    }

    /// <summary>The next number.</summary>
    /// <param name="state">Where the sequence is; moved on.</param>
    public static ulong Next(ref ulong state) => Mix(state = unchecked(state + Increment));
}
