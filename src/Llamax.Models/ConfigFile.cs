using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Models.Branches;
using Llamax.Models.Families;
using Llamax.Text.Files;

namespace Llamax.Models;

/// <summary>Hugging Face's <c>config.json</c> and <c>generation_config.json</c> of model folders.</summary>
public static class ConfigFile
{
    /// <summary>The name of the file that describes a model.</summary>
    public const string Name = "config.json";

    /// <summary>Reads <c>config.json</c> of a causal language model's folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="LlamaxException">It is missing, not JSON, lacks a key, or asks for something unsupported.</exception>
    public static DecoderConfig Read(string folder) => Open(folder) is var (family, json) && family is DecoderFamily decoder
        ? decoder.Read(json).Checked(json.Source)
        : throw Other(json, family, "a causal language model");

    /// <summary>Reads <c>config.json</c> of an encoder's folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="LlamaxException">It is missing, not JSON, lacks a key, or asks for something unsupported.</exception>
    public static EncoderConfig ReadEncoder(string folder) => Open(folder) is var (family, json) && family is EncoderFamily encoder
        ? encoder.Read(json).Checked(json.Source)
        : throw Other(json, family, "an encoder");

    /// <summary>Reads <c>config.json</c> of an encoder-decoder model's folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="LlamaxException">It is missing, not JSON, lacks a key, or asks for something unsupported.</exception>
    public static SequenceToSequenceConfig ReadSequenceToSequence(string folder) =>
        Open(folder) is var (family, json) && family is SequenceToSequenceFamily both
            ? both.Read(json).Checked(json.Source)
            : throw Other(json, family, "an encoder-decoder model");

    /// <summary>What kind of network a model folder holds.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="LlamaxException"><c>config.json</c> is missing, not JSON, or names no known family.</exception>
    public static ModelKind KindOf(string folder) => Open(folder).Family switch
    {
        DecoderFamily => ModelKind.Decoder,
        EncoderFamily => ModelKind.Encoder,
        _ => ModelKind.EncoderDecoder,
    };

    /// <summary>The prompt template that models of this family are asked with; null where languages are told by tokens.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="LlamaxException"><c>config.json</c> is missing, not JSON, or names no known family.</exception>
    public static string? TemplateOf(string folder) => Open(folder).Family.Template;

    /// <summary>Writes <c>config.json</c> and <c>generation_config.json</c>.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="folder">The model folder.</param>
    /// <param name="torchType">The weights' number type as PyTorch names it, for example <c>float32</c>.</param>
    public static void Write(DecoderConfig config, string folder, string torchType)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (FamilyList.Find(config.Family) is not DecoderFamily family)
        {
            throw new LlamaxException($"'{config.Family}' is no family of causal language models, so its config.json cannot be written.");
        }

        var keys = family.Write(config);
        keys["architectures"] = new JsonArray(family.Architecture);
        keys["bos_token_id"] = config.BosId;
        keys["eos_token_id"] = EosNode(config);
        keys["initializer_range"] = config.InitializerRange;
        keys["model_type"] = family.Name;
        keys["pad_token_id"] = config.PadId;
        keys["tie_word_embeddings"] = config.TiedEmbeddings;
        keys["torch_dtype"] = torchType;
        keys["use_cache"] = true;
        keys["vocab_size"] = config.VocabularySize;
        var json = new JsonObject(keys.OrderBy(key => key.Key, StringComparer.Ordinal)
            .Select(key => KeyValuePair.Create(key.Key, key.Value?.DeepClone())));
        WriteJson(Path.Combine(folder, Name), json);
        WriteJson(Path.Combine(folder, "generation_config.json"), new JsonObject
        {
            ["bos_token_id"] = config.BosId,
            ["eos_token_id"] = EosNode(config),
            ["pad_token_id"] = config.PadId,
        });
    }

    /// <summary>The family of a model folder, and its <c>config.json</c> or, where branches come without one, what it would say.</summary>
    internal static (Family Family, JsonKeys Json) Open(string folder)
    {
        var file = Path.Combine(folder, Name);
        var json = File.Exists(file) ? new JsonKeys(file, JsonKeys.Parse(file))
            : BranchFolder.Find(folder)?.Describe()
            ?? throw new LlamaxException(Directory.Exists(folder) ? $"{folder} has no {Name}, so it is no model's folder." : $"{folder}: there is no such folder.");
        return (FamilyList.Of(json), json);
    }

    private static LlamaxException Other(JsonKeys json, Family family, string wanted) => new(
        $"{json.Source}: model_type '{family.Name}' ({family.Models}) is {(family switch
        {
            DecoderFamily => "a causal language model",
            EncoderFamily => "an encoder",
            _ => "an encoder-decoder model",
        })}, and {wanted} is needed here.");

    private static JsonNode? EosNode(DecoderConfig config) => config.EosIds switch
    {
        [] => null,
        [var id] => id,
        var ids => new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
    };

    private static void WriteJson(string file, JsonObject json) =>
        AtomicFile.WriteText(file, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
}
