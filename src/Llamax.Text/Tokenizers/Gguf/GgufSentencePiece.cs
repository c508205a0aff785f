using Llamax.Text.Tokenizers.SentencePiece;
using static Llamax.Text.Tokenizers.Gguf.GgufVocabulary;

namespace Llamax.Text.Tokenizers.Gguf;

/// <summary>Reads a vocabulary of the kinds <c>llama</c> and <c>t5</c>: a SentencePiece model's pieces, scores and flags.</summary>
internal static class GgufSentencePiece
{
    /// <summary>Reads the model.</summary>
    /// <exception cref="InvalidDataException">It is not sound.</exception>
    public static SentencePieceModel Read(GgufMetadata metadata, ModelType type)
    {
        var tokens = metadata.Get<GgufStrings>(Prefix + "tokens");
        var scores = metadata.Get<float[]>(Prefix + "scores");
        var types = Types(metadata, tokens.Count);
        if (scores.Length != tokens.Count)
        {
            throw new InvalidDataException($"it has {tokens.Count} tokens, but {scores.Length} scores");
        }

        var pieces = new Piece[tokens.Count];
        for (var id = 0; id < pieces.Length; id++)
        {
            pieces[id] = new Piece(tokens.Text(id), scores[id], (PieceType)types[id]);
            if (pieces[id].Text.Length == 0 || !float.IsFinite(scores[id]) || !Enum.IsDefined(pieces[id].Type))
            {
                throw new InvalidDataException($"token {id} has no text, no finite score or an unknown type ({types[id]})");
            }
        }

        var defaults = new SentencePieceModel();
        var model = new SentencePieceModel
        {
            Pieces = pieces,
            Type = type,
            ByteFallback = pieces.Any(piece => piece.Type == PieceType.Byte),
            UnknownPiece = Name("unknown_token_id") ?? defaults.UnknownPiece,
            BosPiece = Name("bos_token_id") ?? defaults.BosPiece,
            EosPiece = Name("eos_token_id") ?? defaults.EosPiece,
            PadPiece = Name("padding_token_id") ?? defaults.PadPiece,
            Normalizer = new NormalizerSpec
            {
                CharacterMap = metadata.Find<byte[]>(Prefix + "precompiled_charsmap") ?? [],
                AddDummyPrefix = Flag(metadata, "add_space_prefix") ?? true,
                RemoveExtraWhitespaces = Flag(metadata, "remove_extra_whitespaces") ?? false,
            },
        };
        SentencePieceModelReader.Check(model);
        return model;

        string? Name(string key) => Id(metadata, key, pieces.Length) is { } id ? pieces[id].Text : null;
    }
}
