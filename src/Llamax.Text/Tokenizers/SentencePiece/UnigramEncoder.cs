using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>The best path to a place in the text.</summary>
internal readonly record struct ViterbiNode(float Score, int Start, int Id)
{
    public static readonly ViterbiNode Unreached = new(0, -1, -1);
}

/// <summary>
/// The segmentation with the highest sum of scores (Viterbi). Sums are rounded to float at every step and the first of
/// equals is kept, as in SentencePiece, whose outputs hang on it.
/// </summary>
internal sealed class UnigramEncoder : IPieceEncoder
{
    // SentencePiece's penalty for a character without a piece, below the lowest score.
    private const float UnknownPenalty = 10;

    private readonly PieceTable pieces;
    private readonly ByteTrie trie;
    private readonly float unknownScore;

    // As in SentencePiece: the smallest positive float, unless a normal piece scores higher.
    private readonly float highestScore = 1.17549435e-38f;

    public UnigramEncoder(PieceTable pieces)
    {
        this.pieces = pieces;
        var lowestScore = float.MaxValue;
        var entries = new List<(byte[], int)>();
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Type == PieceType.Normal)
            {
                lowestScore = Math.Min(lowestScore, pieces[id].Score);
                highestScore = Math.Max(highestScore, pieces[id].Score);
            }

            if (pieces[id].Type is PieceType.Normal or PieceType.UserDefined)
            {
                entries.Add((pieces.Utf8(id).ToArray(), id));
            }
        }

        trie = new ByteTrie(entries);
        unknownScore = lowestScore - UnknownPenalty;
    }

    public void Encode(EncoderWorkspace workspace)
    {
        var text = workspace.Normalized.Written;
        var best = workspace.TakeNodes(text.Length + 1); // best[i]: the best path over the first i bytes.
        for (var start = 0; start < text.Length;)
        {
            Rune.DecodeFromUtf8(text[start..], out _, out var character);
            var before = best[start].Score;
            var characterIsPiece = false;
            var node = ByteTrie.Root;
            for (var end = start; end < text.Length && (node = trie.Child(node, text[end])) >= 0;)
            {
                end++;
                var id = trie.Value(node);
                if (id >= 0)
                {
                    Reach(ref best[end], Score(id, end - start) + before, start, id);
                    characterIsPiece |= end - start == character;
                }
            }

            if (!characterIsPiece)
            {
                Reach(ref best[start + character], unknownScore + before, start, pieces.UnknownId);
            }

            start += character;
        }

        for (var end = text.Length; end > 0; end = best[end].Start)
        {
            workspace.Segments.Add(new Segment(best[end].Start, end - best[end].Start, best[end].Id));
        }

        workspace.Segments.Reverse();
    }

    private static void Reach(ref ViterbiNode node, double score, int start, int id)
    {
        if (node.Start < 0 || score > node.Score)
        {
            node = new ViterbiNode((float)score, start, id);
        }
    }

    // User-defined pieces get so high a score that no other segmentation wins over them.
    private double Score(int id, int length) =>
        pieces[id].Type == PieceType.UserDefined ? length * highestScore - 0.1 : pieces[id].Score;
}
