namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary><see cref="SplitPattern.Gpt2Regex"/>, on the whole text or on what lies between isolated number characters.</summary>
internal sealed class Gpt2Scanner(bool isolateNumbers) : WordScanner
{
    /// <inheritdoc/>
    protected override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        var contraction = Contraction(utf8, start);
        if (contraction > start)
        {
            return contraction;
        }

        var word = utf8[start] == ' ' ? start + 1 : start;
        if (word == utf8.Length)
        {
            return word;
        }

        var kind = CharacterClasses.At(utf8, word, out var length) & Named;
        return kind switch
        {
            CharacterClass.Letter => Letters(utf8, word + length),
            CharacterClass.Other => Others(utf8, word + length),
            CharacterClass.Number when !isolateNumbers => Numbers(utf8, word + length, int.MaxValue),
            CharacterClass.Number when word == start => word + length,
            _ => Spaces(utf8, start, isolateNumbers ? CharacterClass.Number : CharacterClass.Other),
        };
    }

    private static int Contraction(ReadOnlySpan<byte> utf8, int at) => utf8[at..] switch
    {
        [(byte)'\'', (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d', ..] => at + 2,
        [(byte)'\'', (byte)'r' or (byte)'v', (byte)'e', ..] => at + 3,
        [(byte)'\'', (byte)'l', (byte)'l', ..] => at + 3,
        _ => at,
    };
}
