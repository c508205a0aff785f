namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary>One step of cutting a text: takes a piece, and hands smaller or changed ones on.</summary>
internal abstract class PieceStep
{
    /// <summary>Works on a piece.</summary>
    /// <param name="piece">Well-formed UTF-8, not empty.</param>
    /// <param name="isFirst">Whether the piece stands at the very start of the text.</param>
    /// <param name="scratch">This step's memory.</param>
    /// <param name="next">Takes the results, in order; empty ones are passed over.</param>
    public abstract void Apply(ReadOnlySpan<byte> piece, bool isFirst, StepScratch scratch, PieceSink next);
}
