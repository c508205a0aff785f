using Llamax.Text.Characters;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>Which strings may become a piece: SentencePiece's rules on length, spaces, scripts and digits.</summary>
internal sealed class PieceRules(BpeTrainerOptions options)
{
    private const string Any = "";

    /// <summary>Whether the code points may be one piece.</summary>
    public bool Allow(ReadOnlySpan<int> piece)
    {
        if (piece.Length > options.MaxPieceLength)
        {
            return false;
        }

        var before = Any;
        for (var i = 0; i < piece.Length; i++)
        {
            if (piece[i] == '▁')
            {
                // A space begins a piece; where words need not be split it may stand inside, but never at the end.
                if (i > 0 && (options.SplitByWhitespace || i == piece.Length - 1))
                {
                    return false;
                }

                continue;
            }

            var isDigit = piece[i] is (>= '0' and <= '9') or (>= '０' and <= '９');
            if (options.SplitDigits && isDigit && piece.Length > 1)
            {
                return false;
            }

            var script = isDigit && !options.SplitByNumber ? Any : Script(piece[i], before);
            if (options.SplitByUnicodeScript && script != Any && before != Any && script != before)
            {
                return false;
            }

            before = script;
        }

        return true;
    }

    private static string Script(int codePoint, string before) => UnicodeScripts.Default.Of(codePoint) switch
    {
        "Hiragana" or "Katakana" => "Han",
        "Common" when codePoint == 'ー' => "Han", // The long vowel mark of kana.
        "Inherited" => before, // Combining marks belong to what they stand on.
        var script => script,
    };
}
