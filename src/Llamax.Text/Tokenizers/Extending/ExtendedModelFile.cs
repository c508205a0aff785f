using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>Adds pieces to the bytes of a model file: behind its last piece, and in the trainer_spec's vocab_size. All other bytes stay.</summary>
internal static class ExtendedModelFile
{
    private const int PieceField = 1, TrainerField = 2, VocabularySizeField = 4;

    public static byte[] Append(ReadOnlySpan<byte> content, IEnumerable<(string Text, float Score)> pieces, int size)
    {
        using var output = new MemoryStream(content.Length + 1024);
        var behindPieces = 0;
        var reader = new ProtobufReader(content);
        while (reader.Next())
        {
            reader.Skip();
            behindPieces = reader.Field == PieceField ? reader.Position : behindPieces;
        }

        var start = 0;
        reader = new ProtobufReader(content);
        while (reader.Next())
        {
            if (reader.Field == TrainerField)
            {
                var trainer = new ProtobufWriter();
                trainer.Field(TrainerField, WithSize(reader.Bytes(), size));
                trainer.Write(output);
            }
            else
            {
                reader.Skip();
                output.Write(content[start..reader.Position]);
            }

            start = reader.Position;
            if (start == behindPieces)
            {
                Write(output, pieces);
            }
        }

        return output.ToArray();
    }

    private static void Write(MemoryStream output, IEnumerable<(string Text, float Score)> pieces)
    {
        var file = new ProtobufWriter();
        foreach (var (text, score) in pieces)
        {
            var message = new ProtobufWriter();
            message.Field(1, text);
            message.Field(2, score);
            file.Field(PieceField, message);
        }

        file.Write(output);
    }

    private static byte[] WithSize(ReadOnlySpan<byte> trainer, int size)
    {
        using var output = new MemoryStream(trainer.Length + 8);
        var (start, found) = (0, false);
        var reader = new ProtobufReader(trainer);
        while (reader.Next())
        {
            reader.Skip();
            if (reader.Field == VocabularySizeField)
            {
                Write(size);
                found = true;
            }
            else
            {
                output.Write(trainer[start..reader.Position]);
            }

            start = reader.Position;
        }

        if (!found)
        {
            Write(size);
        }

        return output.ToArray();

        void Write(int value)
        {
            var field = new ProtobufWriter();
            field.Field(VocabularySizeField, value);
            field.Write(output);
        }
    }
}
