using System.Text;
using System.Text.Json;
using Llamax.Text.Tokenizers.HuggingFace.Models;

namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Reads the <c>model</c> of a file.</summary>
internal static class ModelReader
{
    /// <summary>Reads a model.</summary>
    /// <param name="file">Path, for messages.</param>
    /// <param name="json">The file's bytes.</param>
    /// <param name="reader">At the start of the model.</param>
    /// <param name="mapsBytes">Whether the pre-tokenizer ends with writing bytes in the byte alphabet.</param>
    /// <param name="overBytes">Whether the model does that itself.</param>
    public static WordModel Read(string file, ReadOnlySpan<byte> json, Utf8JsonReader reader, bool mapsBytes, out bool overBytes)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new LlamaxException($"{file}: model is no object.");
        }

        var vocabulary = default(Utf8JsonReader);
        var merges = default(Utf8JsonReader);
        var (hasVocabulary, hasMerges) = (false, false);
        var settings = new Dictionary<string, JsonPart>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "vocab":
                    vocabulary = reader;
                    hasVocabulary = true;
                    reader.Skip();
                    break;
                case "merges":
                    merges = reader;
                    hasMerges = true;
                    reader.Skip();
                    break;
                default:
                    if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.Null))
                    {
                        using var document = JsonDocument.ParseValue(ref reader);
                        settings[name] = new JsonPart(document.RootElement.Clone(), file, $"model.{name}");
                    }

                    reader.Skip();
                    break;
            }
        }

        if (!hasVocabulary)
        {
            throw new LlamaxException($"{file}: model lacks \"vocab\".");
        }

        overBytes = false;
        var type = settings.TryGetValue("type", out var stated) ? stated.AsText() : hasMerges ? "BPE" : "Unigram";
        switch (type)
        {
            case "BPE" when hasMerges:
                var bpe = Bpe(settings);
                var tokens = VocabularyReader.ReadObject(file, json, vocabulary, out var count);
                overBytes = mapsBytes && !bpe.HasAffixes && !bpe.ByteFallback;
                return new BpeModel(tokens, MergeReader.Read(file, json, merges, tokens, bpe.Prefix.Length), bpe, overBytes) { TokenCount = count };
            case "BPE":
                throw new LlamaxException($"{file}: model lacks \"merges\".");
            case "Unigram":
                return VocabularyReader.ReadUnigram(
                    file, json, vocabulary, settings.TryGetValue("unk_id", out var id) ? id.AsNumber() : null, Flag(settings, "byte_fallback"));
            default:
                throw stated.Error($"is '{type}', which Llamax does not know. It knows BPE and Unigram.");
        }
    }

    private static BpeSettings Bpe(Dictionary<string, JsonPart> settings)
    {
        if (settings.TryGetValue("dropout", out var dropout) && !dropout.IsZero)
        {
            throw dropout.Error("draws merges by chance, which is for training. Set it to null to encode as the model does when it is used.");
        }

        return new BpeSettings
        {
            UnknownToken = settings.TryGetValue("unk_token", out var unknown) ? unknown.AsText() : null,
            Prefix = Bytes(settings, "continuing_subword_prefix"),
            Suffix = Bytes(settings, "end_of_word_suffix"),
            FuseUnknown = Flag(settings, "fuse_unk"),
            ByteFallback = Flag(settings, "byte_fallback"),
            WholeWordsFirst = Flag(settings, "ignore_merges"),
        };
    }

    private static byte[] Bytes(Dictionary<string, JsonPart> settings, string name) =>
        settings.TryGetValue(name, out var part) ? Encoding.UTF8.GetBytes(part.AsText()) : [];

    private static bool Flag(Dictionary<string, JsonPart> settings, string name) =>
        settings.TryGetValue(name, out var part) && (part.AsFlag() ?? throw part.Error("must be true or false."));
}
