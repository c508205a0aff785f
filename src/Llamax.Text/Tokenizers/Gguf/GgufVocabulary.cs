using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Gguf;

/// <summary>
/// Reads the vocabulary of a GGUF file: byte-level BPE (<c>gpt2</c>), SentencePiece BPE (<c>llama</c>) and unigram
/// (<c>t5</c>). The tensors of a model are not touched.
/// </summary>
public static class GgufVocabulary
{
    internal const string Prefix = "tokenizer.ggml.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">A <c>.gguf</c> file, with or without a model's tensors.</param>
    /// <exception cref="LlamaxException">The file is not there, not sound, or holds a vocabulary of another kind.</exception>
    public static Tokenizer Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream);
        }
        catch (InvalidDataException exception)
        {
            throw new LlamaxException(
                $"{path} has no vocabulary that Llamax can use: {exception.Message}. Expected a GGUF file as llama.cpp's converter writes it.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the start of a file.</summary>
    /// <exception cref="InvalidDataException">It is not sound, or of another kind.</exception>
    internal static Tokenizer Read(Stream stream)
    {
        var metadata = new GgufMetadata(stream, Prefix);
        return metadata.Get<string>(Prefix + "model") switch
        {
            "gpt2" => new ByteLevelTokenizer(GgufByteLevel.Read(metadata)),
            "llama" => SentencePiece(metadata, ModelType.Bpe),
            "t5" => SentencePiece(metadata, ModelType.Unigram),
            var other => throw new InvalidDataException($"its {Prefix}model is {other} (gpt2, llama and t5 are supported)"),
        };
    }

    /// <summary>Where the file does not say what belongs around a text, it is BOS before LLaMA's, and EOS after T5's, as in llama.cpp.</summary>
    private static SentencePieceTokenizer SentencePiece(GgufMetadata metadata, ModelType type) => new(
        GgufSentencePiece.Read(metadata, type), Flag(metadata, "add_bos_token") ?? type == ModelType.Bpe, Flag(metadata, "add_eos_token") ?? type == ModelType.Unigram);

    /// <summary>The types of the tokens; all are normal where the file says nothing.</summary>
    internal static int[] Types(GgufMetadata metadata, int count)
    {
        var types = metadata.Find<int[]>(Prefix + "token_type");
        if (types is null)
        {
            types = new int[count];
            Array.Fill(types, (int)PieceType.Normal);
        }

        return types.Length == count ? types : throw new InvalidDataException($"it has {count} tokens, but {types.Length} token types");
    }

    /// <summary>An id under a key such as <c>bos_token_id</c>, or null where the key is missing.</summary>
    internal static int? Id(GgufMetadata metadata, string key, int count) => metadata.Find<object>(Prefix + key) switch
    {
        null => null,
        long id when id >= 0 && id < count => (int)id,
        var other => throw new InvalidDataException($"its {Prefix}{key} is {other}, of {count} tokens"),
    };

    /// <summary>A switch, or null where the key is missing.</summary>
    internal static bool? Flag(GgufMetadata metadata, string key) => metadata.Find<object>(Prefix + key) switch
    {
        null => null,
        bool flag => flag,
        var other => throw new InvalidDataException($"its {Prefix}{key} is {other} (true or false expected)"),
    };
}
