using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary>Cuts at the matches of a pattern: <c>Split</c>, <c>ByteLevel</c>'s own pattern, <c>Digits</c>, <c>Punctuation</c> and the like.</summary>
internal sealed class SplitStep(SplitPattern pattern, SplitBehavior behavior, bool invert = false) : PieceStep
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> piece, bool isFirst, StepScratch scratch, PieceSink next)
    {
        var pieces = scratch.Pieces;
        pattern.Split(piece, pieces);
        var start = 0;
        for (var i = 0; i < pieces.Count;)
        {
            var last = LastOfGroup(pieces, i);
            var end = pieces.End(last);
            if (behavior != SplitBehavior.Removed || !IsMatch(pieces, i))
            {
                next.Take(piece[start..end], isFirst && start == 0);
            }

            start = end;
            i = last + 1;
        }
    }

    private bool IsMatch(SplitPieces pieces, int index) => pieces.IsMatch(index) != invert;

    /// <summary>The last of the parts that make one piece with the one at <paramref name="index"/>.</summary>
    private int LastOfGroup(SplitPieces pieces, int index)
    {
        var isMatch = IsMatch(pieces, index);
        var last = index;
        switch (behavior)
        {
            case SplitBehavior.Contiguous:
                while (last + 1 < pieces.Count && IsMatch(pieces, last + 1) == isMatch)
                {
                    last++;
                }

                break;
            case SplitBehavior.MergedWithPrevious when !isMatch && index + 1 < pieces.Count && IsMatch(pieces, index + 1):
            case SplitBehavior.MergedWithNext when isMatch && index + 1 < pieces.Count && !IsMatch(pieces, index + 1):
                last++;
                break;
        }

        return last;
    }
}
