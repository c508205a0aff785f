using Llamax.Text.Characters;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>Which strings may become a piece: SentencePiece's rules on length, spaces, scripts and digits.</summary>
internal sealed class PieceRules
{
    private const int Any = 0;
    private const int Inherited = -1; // Combining marks belong to what they stand on.

    private readonly TokenizerTrainerOptions options;
    private readonly int[] script;
    private readonly bool[] isDigit;
    private readonly bool[] isSpace;

    /// <summary>Looks the characters up.</summary>
    /// <param name="options">Says which rules hold.</param>
    /// <param name="alphabet">The characters that take part; a symbol is a place in it.</param>
    public PieceRules(TokenizerTrainerOptions options, IReadOnlyList<int> alphabet)
    {
        this.options = options;
        var numbers = new Dictionary<string, int>();
        (isDigit, isSpace, script) = (new bool[alphabet.Count], new bool[alphabet.Count], new int[alphabet.Count]);
        for (var symbol = 0; symbol < alphabet.Count; symbol++)
        {
            var character = alphabet[symbol];
            isDigit[symbol] = character is (>= '0' and <= '9') or (>= '０' and <= '９');
            isSpace[symbol] = character == '▁';
            script[symbol] = isDigit[symbol] && !options.SplitByNumber ? Any : Script(character);
        }

        int Script(int character)
        {
            var name = UnicodeScripts.Default.Of(character);
            if (name == "Inherited")
            {
                return Inherited;
            }

            // The long vowel mark of kana is common.
            name = name is "Hiragana" or "Katakana" || character == 'ー' ? "Han" : name;
            return numbers.TryGetValue(name, out var number) ? number : numbers[name] = numbers.Count + 1;
        }
    }

    /// <summary>Symbols in the longest piece.</summary>
    public int MaximumLength => options.MaxPieceLength;

    /// <summary>Whether the symbols may be one piece.</summary>
    public bool Allow(ReadOnlySpan<int> piece)
    {
        if (piece.Length > options.MaxPieceLength)
        {
            return false;
        }

        var before = Any;
        for (var i = 0; i < piece.Length; i++)
        {
            if (isSpace[piece[i]])
            {
                // A space begins a piece; where words need not be split it may stand inside, but never at the end.
                if (i > 0 && (options.SplitByWhitespace || i == piece.Length - 1))
                {
                    return false;
                }

                continue;
            }

            if (options.SplitDigits && isDigit[piece[i]] && piece.Length > 1)
            {
                return false;
            }

            var own = script[piece[i]] == Inherited ? before : script[piece[i]];
            if (options.SplitByUnicodeScript && own != Any && before != Any && own != before)
            {
                return false;
            }

            before = own;
        }

        return true;
    }

    /// <summary>Whether any piece at all may hold the two side by side.</summary>
    public bool MayNeighbour(int left, int right) =>
        isSpace[right] ? !options.SplitByWhitespace
        : isSpace[left] ? options.MaxPieceLength > 1 && !(options.SplitDigits && isDigit[right])
        : Allow([left, right]);
}
