using System.Text;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.Extending;

/// <summary>
/// The obvious way to learn new pieces: for each, the whole corpus is encoded by the tokenizer itself with the pieces so
/// far, and every string that two neighbours or a lost character make is weighed.
/// </summary>
internal static class SlowExtender
{
    public static List<(string Text, long Saved)> Learn(SentencePieceModel model, string[] lines, int count, int minimumCount, Func<string, bool> allow)
    {
        var result = new List<(string, long)>();
        while (result.Count < count)
        {
            var tokenizer = new SentencePieceTokenizer(model);
            var weights = new Dictionary<string, (long Saved, long Count)>(StringComparer.Ordinal);
            foreach (var line in lines)
            {
                Weigh(Symbols(tokenizer.EncodePieces(line)), weights);
            }

            var best = weights.Where(each => each.Value.Count >= minimumCount && allow(each.Key) && tokenizer.PieceToId(each.Key) is null)
                .OrderByDescending(each => each.Value.Saved).ThenBy(each => each.Key.Length).ThenBy(each => each.Key, StringComparer.Ordinal).FirstOrDefault();
            if (best.Key is null)
            {
                break;
            }

            result.Add((best.Key, best.Value.Saved));
            model = model with { Pieces = [.. model.Pieces, new Piece(best.Key, model.Pieces.Min(piece => piece.Score) - 1, PieceType.Normal)] };
        }

        return result;
    }

    /// <summary>The symbols, bytes put together to the characters that they stand for, and how many tokens each is.</summary>
    private static List<(string Text, int Cost)> Symbols(List<string> pieces)
    {
        var symbols = new List<(string, int)>();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (!IsByte(pieces[i]))
            {
                symbols.Add((pieces[i], 1));
                continue;
            }

            var bytes = pieces.Skip(i).TakeWhile(IsByte).Select(piece => Convert.ToByte(piece[3..5], 16)).ToArray();
            Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            symbols.Add((rune.ToString(), length));
            i += length - 1;
        }

        return symbols;
    }

    private static bool IsByte(string piece) => piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal);

    private static void Weigh(List<(string Text, int Cost)> symbols, Dictionary<string, (long Saved, long Count)> weights)
    {
        var free = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < symbols.Count; i++)
        {
            if (symbols[i].Cost > 1)
            {
                Add(symbols[i].Text, symbols[i].Cost - 1);
            }

            if (i + 1 < symbols.Count)
            {
                var text = symbols[i].Text + symbols[i + 1].Text;
                if (i >= free.GetValueOrDefault(text))
                {
                    free[text] = i + 2;
                    Add(text, symbols[i].Cost + symbols[i + 1].Cost - 1);
                }
            }
        }

        void Add(string text, int saved)
        {
            var (before, count) = weights.GetValueOrDefault(text);
            weights[text] = (before + saved, count + 1);
        }
    }
}
