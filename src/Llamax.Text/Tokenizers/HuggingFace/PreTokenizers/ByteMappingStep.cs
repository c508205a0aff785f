namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary><c>ByteLevel</c>: writes every byte as its character of the byte alphabet.</summary>
internal sealed class ByteMappingStep : PieceStep
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> piece, bool isFirst, StepScratch scratch, PieceSink next)
    {
        scratch.Text.Truncate(0);
        ByteMapping.Append(piece, scratch.Text);
        next.Take(scratch.Text.Written, isFirst);
    }
}
