namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary><see cref="SplitPattern.Llama3Regex"/>, with so many digits in a number at most.</summary>
internal sealed class Llama3Scanner(int digits) : WordScanner
{
    /// <inheritdoc/>
    protected override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        var end = AsciiWord(utf8, start);
        if (end > start)
        {
            return end;
        }

        var first = CharacterClasses.At(utf8, start, out var length);
        if (first.Has(CharacterClass.Letter))
        {
            return Letters(utf8, start + length);
        }

        if (first.Has(CharacterClass.Number))
        {
            return Numbers(utf8, start, digits);
        }

        if (utf8[start] == '\'' && AnyCaseContraction(utf8, start) is var contraction && contraction > start)
        {
            return contraction;
        }

        var next = start + length;
        var second = CharacterClass.Space;
        if (next < utf8.Length)
        {
            second = CharacterClasses.At(utf8, next, out length);
            if (second.Has(CharacterClass.Letter) && !first.Has(CharacterClass.Newline))
            {
                return Letters(utf8, next + length);
            }
        }

        if (first.Has(CharacterClass.Space) && (utf8[start] != ' ' || (second & Named) != CharacterClass.Other))
        {
            return SpacesAndLines(utf8, start);
        }

        return CharacterClasses.EndOfRun(utf8, Others(utf8, next), CharacterClass.Newline, CharacterClass.Newline);
    }
}
