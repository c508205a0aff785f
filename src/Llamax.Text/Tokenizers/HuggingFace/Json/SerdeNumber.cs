namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>
/// Reads a number as Rust's serde_json does by default: as many digits as 64 bits hold, then one multiplication or
/// division by a power of ten. That may miss the nearest double by a bit, on which ties between segmentations hang.
/// </summary>
internal static class SerdeNumber
{
    private const int LargestPower = 308;

    // The nearest double of each power of ten.
    private static readonly double[] Powers = [.. Enumerable.Range(0, LargestPower + 1)
        .Select(exponent => double.Parse($"1e{exponent}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Reads a number of JSON.</summary>
    public static double Parse(ReadOnlySpan<byte> number)
    {
        var negative = number[0] == '-';
        var (significand, exponent, inFraction, isFull) = (0UL, 0, false, false);
        var at = negative ? 1 : 0;
        for (; at < number.Length && number[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            if (number[at] == '.')
            {
                inFraction = true;
                continue;
            }

            var digit = (ulong)(number[at] - '0');
            isFull |= significand > (ulong.MaxValue - digit) / 10;
            if (!isFull)
            {
                significand = significand * 10 + digit;
                exponent -= inFraction ? 1 : 0;
            }
            else
            {
                exponent += inFraction ? 0 : 1;
            }
        }

        if (at < number.Length)
        {
            _ = int.TryParse(number[(at + 1)..], System.Globalization.NumberStyles.AllowLeadingSign, null, out var stated);
            exponent += Math.Clamp(stated, -100_000, 100_000);
        }

        var value = (double)significand;
        for (; exponent < -LargestPower && value != 0; exponent += LargestPower)
        {
            value /= 1e308;
        }

        var power = Powers[Math.Min(LargestPower, Math.Abs(exponent))];
        value = exponent >= 0 ? value * power : value / power;
        return negative ? -value : value;
    }
}
