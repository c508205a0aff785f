namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Cuts normalised text into pieces.</summary>
internal interface IPieceEncoder
{
    /// <summary>Fills <see cref="EncoderWorkspace.Segments"/> from <see cref="EncoderWorkspace.Normalized"/>.</summary>
    void Encode(EncoderWorkspace workspace);
}
