namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Writes the part of a SentencePiece <c>.model</c> file that every model has: pieces and normaliser.</summary>
internal static class SentencePieceModelWriter
{
    /// <summary>Writes the file's content.</summary>
    /// <param name="target">Receives the bytes.</param>
    /// <param name="model">Pieces and normaliser.</param>
    /// <param name="trainer">The trainer_spec message: how the model was made, and its type.</param>
    public static void Write(Stream target, SentencePieceModel model, ProtobufWriter trainer)
    {
        var file = new ProtobufWriter();
        foreach (var piece in model.Pieces)
        {
            var message = new ProtobufWriter();
            message.Field(1, piece.Text);
            message.Field(2, piece.Score);
            if (piece.Type != PieceType.Normal)
            {
                message.Field(3, (int)piece.Type);
            }

            file.Field(1, message);
        }

        file.Field(2, trainer);
        var normalizer = new ProtobufWriter();
        normalizer.Field(1, model.Normalizer.Name);
        normalizer.Field(2, model.Normalizer.CharacterMap);
        normalizer.Field(3, model.Normalizer.AddDummyPrefix);
        normalizer.Field(4, model.Normalizer.RemoveExtraWhitespaces);
        normalizer.Field(5, model.Normalizer.EscapeWhitespaces);
        file.Field(3, normalizer);
        file.Write(target);
    }
}
