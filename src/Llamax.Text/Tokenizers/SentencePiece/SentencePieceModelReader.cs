using Llamax.Text.Files;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Reads SentencePiece <c>.model</c> files (sentencepiece_model.proto).</summary>
internal static class SentencePieceModelReader
{
    // The largest published vocabularies (256,000 pieces) take some 5 MB.
    private const long LargestFile = 256L << 20;

    private const int LargestVocabulary = 4_000_000;

    /// <summary>Reads and checks the file, for those who make no tokenizer of it, which would find broken tables itself.</summary>
    /// <exception cref="LlamaxException">It is not there, or not a sound model.</exception>
    public static SentencePieceModel Read(string path) => Read(path, model =>
    {
        _ = new PieceTable(model.Pieces);
        foreach (var map in new[] { model.Normalizer.CharacterMap, model.Denormalizer?.CharacterMap ?? [] }.Where(map => map.Length > 0))
        {
            _ = new CharacterMap(map);
        }

        return model;
    });

    /// <summary>Reads the file and makes something of the model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="make">May throw <see cref="InvalidDataException"/> where the model is not sound.</param>
    /// <exception cref="LlamaxException">It is not there, or not a sound model.</exception>
    public static T Read<T>(string path, Func<SentencePieceModel, T> make)
    {
        try
        {
            if (FileStamp.Of(path).Length > LargestFile)
            {
                throw new InvalidDataException($"it is larger than {LargestFile >> 20} MiB");
            }

            return make(Parse(File.ReadAllBytes(path)));
        }
        catch (InvalidDataException exception)
        {
            throw new LlamaxException(
                $"{path} is not a SentencePiece model that Llamax can use: {exception.Message}. Expected a .model file as "
                + "spm_train or `llamax tokenizer train` writes it.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Reads and checks the content of a file. What is not in it has the format's default: a file of nothing but pieces
    /// is a unigram model, as it is to the library.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not a sound model.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> content)
    {
        var pieces = new List<Piece>(CountPieces(content));
        var model = new SentencePieceModel();
        var reader = new ProtobufReader(content);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: pieces.Add(ParsePiece(reader.Bytes(), pieces.Count)); break;
                case 2: model = ParseTrainer(reader.Bytes(), model); break;
                case 3: model = model with { Normalizer = ParseNormalizer(reader.Bytes(), model.Normalizer) }; break;
                case 5: model = model with { Denormalizer = ParseNormalizer(reader.Bytes(), model.Denormalizer ?? new()) }; break;
                default: reader.Skip(); break;
            }
        }

        model = model with { Pieces = pieces };
        Check(model);
        return model;
    }

    private static int CountPieces(ReadOnlySpan<byte> content)
    {
        var reader = new ProtobufReader(content);
        var count = 0;
        while (reader.Next())
        {
            count += reader.Field == 1 ? 1 : 0;
            reader.Skip();
        }

        return count;
    }

    private static Piece ParsePiece(ReadOnlySpan<byte> message, int id)
    {
        var (text, score, type) = ("", 0f, PieceType.Normal);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: text = reader.Text(); break;
                case 2: score = reader.Single(); break;
                case 3: type = (PieceType)reader.Int32(); break;
                default: reader.Skip(); break;
            }
        }

        if (text.Length == 0 || !float.IsFinite(score) || !Enum.IsDefined(type))
        {
            throw new InvalidDataException($"piece {id} has no text, a score that is no number or an unknown type ({(int)type})");
        }

        return new Piece(text, score, type);
    }

    private static SentencePieceModel ParseTrainer(ReadOnlySpan<byte> message, SentencePieceModel model)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3: model = model with { Type = (ModelType)reader.Int32() }; break;
                case 24: model = model with { TreatWhitespaceAsSuffix = reader.Bool() }; break;
                case 35: model = model with { ByteFallback = reader.Bool() }; break;
                case 44: model = model with { UnknownSurface = reader.Text() }; break;
                case 45: model = model with { UnknownPiece = NotEmpty(reader.Text(), model.UnknownPiece) }; break;
                case 46: model = model with { BosPiece = NotEmpty(reader.Text(), model.BosPiece) }; break;
                case 47: model = model with { EosPiece = NotEmpty(reader.Text(), model.EosPiece) }; break;
                case 48: model = model with { PadPiece = NotEmpty(reader.Text(), model.PadPiece) }; break;
                default: reader.Skip(); break;
            }
        }

        return model;

        static string NotEmpty(string text, string fallback) => text.Length > 0 ? text : fallback;
    }

    private static NormalizerSpec ParseNormalizer(ReadOnlySpan<byte> message, NormalizerSpec spec)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: spec = spec with { Name = reader.Text() }; break;
                case 2: spec = spec with { CharacterMap = reader.Bytes().ToArray() }; break;
                case 3: spec = spec with { AddDummyPrefix = reader.Bool() }; break;
                case 4: spec = spec with { RemoveExtraWhitespaces = reader.Bool() }; break;
                case 5: spec = spec with { EscapeWhitespaces = reader.Bool() }; break;
                default: reader.Skip(); break;
            }
        }

        return spec;
    }

    /// <summary>Checks that the parts of a model fit together.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    public static void Check(SentencePieceModel model)
    {
        if (!Enum.IsDefined(model.Type))
        {
            throw new InvalidDataException($"its type is {(int)model.Type} (1 unigram, 2 BPE, 3 word or 4 char expected)");
        }

        if (model.Pieces.Count is 0 or > LargestVocabulary)
        {
            throw new InvalidDataException($"it has {model.Pieces.Count:N0} pieces (1 to {LargestVocabulary:N0} expected)");
        }

        var unknown = model.Pieces.Count(piece => piece.Type == PieceType.Unknown);
        if (unknown != 1)
        {
            throw new InvalidDataException($"it has {unknown} unknown pieces instead of one");
        }

        var bytes = model.Pieces.Where(piece => piece.Type == PieceType.Byte).Select(piece => piece.Text).ToHashSet();
        if (bytes.Count != (model.ByteFallback ? 256 : 0) || !bytes.IsSubsetOf(Enumerable.Range(0, 256).Select(Piece.ForByte)))
        {
            throw new InvalidDataException(
                $"it has {bytes.Count} byte pieces, while byte_fallback is {(model.ByteFallback ? "on (256 pieces <0x00> to <0xFF> expected)" : "off (none expected)")}");
        }
    }
}
