namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>An encoder that writes ids at once, without the way over segments.</summary>
internal interface IIdEncoder : IPieceEncoder
{
    /// <summary>Whether it reads a space as ▁.</summary>
    bool ReadsSpaces { get; }

    /// <summary>Appends the ids of <see cref="EncoderWorkspace.Normalized"/>; a run of unknown ones may come as several.</summary>
    void Encode(EncoderWorkspace workspace, TokenBuffer ids);
}
