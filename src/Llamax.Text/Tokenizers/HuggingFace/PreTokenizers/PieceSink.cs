using Llamax.Text.Tokenizers.HuggingFace.Models;

namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary>Where the pieces of one step go: to the next step, and from the last one to the model.</summary>
internal readonly ref struct PieceSink(
    PieceStep[] steps, int step, WordModel model, TokenBuffer ids, EncodingWorkspace workspace)
{
    /// <summary>Hands a piece on.</summary>
    public void Take(ReadOnlySpan<byte> piece, bool isFirst)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (step == steps.Length)
        {
            model.Encode(piece, ids, workspace);
        }
        else
        {
            steps[step].Apply(piece, isFirst, workspace.Steps[step], new PieceSink(steps, step + 1, model, ids, workspace));
        }
    }
}
