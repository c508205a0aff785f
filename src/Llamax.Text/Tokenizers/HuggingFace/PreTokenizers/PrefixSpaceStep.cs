namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary><c>ByteLevel</c>'s <c>add_prefix_space</c>: puts a space before a piece that does not begin with one.</summary>
internal sealed class PrefixSpaceStep : PieceStep
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> piece, bool isFirst, StepScratch scratch, PieceSink next)
    {
        if (piece[0] == ' ')
        {
            next.Take(piece, isFirst);
            return;
        }

        scratch.Text.Truncate(0);
        scratch.Text.Append(" "u8);
        scratch.Text.Append(piece);
        next.Take(scratch.Text.Written, isFirst);
    }
}
