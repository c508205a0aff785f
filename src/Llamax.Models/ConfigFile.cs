using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Text.Files;

namespace Llamax.Models;

/// <summary>Hugging Face's <c>config.json</c> and <c>generation_config.json</c> of LLaMA models.</summary>
public static class ConfigFile
{
    /// <summary>The model families that can be read.</summary>
    private const string SupportedTypes = "llama";

    /// <summary>Reads <c>config.json</c> of a model folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <exception cref="LlamaxException">It is missing, not JSON, lacks a key, or asks for something unsupported.</exception>
    public static DecoderConfig Read(string folder)
    {
        var file = Path.Combine(folder, "config.json");
        var json = new JsonKeys(file, JsonKeys.Parse(file));
        var type = json.Text("model_type") ?? throw new LlamaxException($"{file}: the key 'model_type' is missing.");
        if (type != "llama")
        {
            throw new LlamaxException($"{file}: model_type '{type}' is not supported; supported is: {SupportedTypes}.");
        }

        if ((json.Text("hidden_act") ?? "silu") is not ("silu" or "swish") and var activation)
        {
            throw new LlamaxException($"{file}: hidden_act '{activation}' is not supported; LLaMA uses silu.");
        }

        var hidden = json.RequiredInteger("hidden_size");
        var heads = json.RequiredInteger("num_attention_heads");
        var rope = Rope(json);
        return new DecoderConfig
        {
            VocabularySize = json.RequiredInteger("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = json.RequiredInteger("intermediate_size"),
            Layers = json.RequiredInteger("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = json.Integer("num_key_value_heads") ?? heads,
            HeadSize = json.Integer("head_dim") ?? DefaultHeadSize(file, hidden, heads),
            MaxPositions = json.Integer("max_position_embeddings") ?? 2048,
            NormEpsilon = json.Number("rms_norm_eps") ?? 1e-6,
            RopeTheta = rope.Theta,
            RopeScaling = rope.Scaling,
            AttentionBias = json.Flag("attention_bias") ?? false,
            FeedForwardBias = json.Flag("mlp_bias") ?? false,
            TiedEmbeddings = json.Flag("tie_word_embeddings") ?? false,
            InitializerRange = json.Number("initializer_range") ?? 0.02,
            BosId = json.Integer("bos_token_id"),
            EosIds = json.Integers("eos_token_id"),
            PadId = json.Integer("pad_token_id"),
        }.Checked(file);
    }

    /// <summary>Writes <c>config.json</c> and <c>generation_config.json</c>.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="folder">The model folder.</param>
    /// <param name="torchType">The weights' number type as PyTorch names it, for example <c>float32</c>.</param>
    public static void Write(DecoderConfig config, string folder, string torchType)
    {
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["attention_bias"] = config.AttentionBias,
            ["attention_dropout"] = 0.0,
            ["bos_token_id"] = config.BosId,
            ["eos_token_id"] = EosNode(config),
            ["head_dim"] = config.HeadSize,
            ["hidden_act"] = "silu",
            ["hidden_size"] = config.HiddenSize,
            ["initializer_range"] = config.InitializerRange,
            ["intermediate_size"] = config.IntermediateSize,
            ["max_position_embeddings"] = config.MaxPositions,
            ["mlp_bias"] = config.FeedForwardBias,
            ["model_type"] = "llama",
            ["num_attention_heads"] = config.Heads,
            ["num_hidden_layers"] = config.Layers,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["pad_token_id"] = config.PadId,
            ["rms_norm_eps"] = config.NormEpsilon,
            ["rope_scaling"] = config.RopeScaling is not { } scaling ? null : new JsonObject
            {
                ["factor"] = scaling.Factor,
                ["high_freq_factor"] = scaling.HighFrequencyFactor,
                ["low_freq_factor"] = scaling.LowFrequencyFactor,
                ["original_max_position_embeddings"] = scaling.OriginalMaxPositions,
                ["rope_type"] = "llama3",
            },
            ["rope_theta"] = config.RopeTheta,
            ["tie_word_embeddings"] = config.TiedEmbeddings,
            ["torch_dtype"] = torchType,
            ["use_cache"] = true,
            ["vocab_size"] = config.VocabularySize,
        };
        WriteJson(Path.Combine(folder, "config.json"), json);
        WriteJson(Path.Combine(folder, "generation_config.json"), new JsonObject
        {
            ["bos_token_id"] = config.BosId,
            ["eos_token_id"] = EosNode(config),
            ["pad_token_id"] = config.PadId,
        });
    }

    private static (double Theta, RopeScaling? Scaling) Rope(JsonKeys json)
    {
        // transformers 5 holds theta and scaling in rope_parameters; before, scaling stood alone, its type as type or rope_type.
        var parameters = json.Section("rope_parameters");
        var scaling = parameters ?? json.Section("rope_scaling");
        var theta = parameters?.Number("rope_theta") ?? json.Number("rope_theta") ?? 10_000;
        var type = scaling?.Text("rope_type") ?? scaling?.Text("type") ?? "default";
        return type switch
        {
            "default" => (theta, null),
            "llama3" => (theta, new RopeScaling(
                scaling!.RequiredNumber("factor"), scaling.RequiredNumber("low_freq_factor"),
                scaling.RequiredNumber("high_freq_factor"), scaling.RequiredInteger("original_max_position_embeddings"))),
            _ => throw new LlamaxException($"{json.Source}: rope scaling of type '{type}' is not supported; supported are: default, llama3."),
        };
    }

    private static int DefaultHeadSize(string file, int hidden, int heads) => heads > 0 && hidden % heads == 0
        ? hidden / heads
        : throw new LlamaxException($"{file}: hidden_size {hidden} is not a multiple of num_attention_heads {heads}, and head_dim is not given.");

    private static JsonNode? EosNode(DecoderConfig config) => config.EosIds switch
    {
        [] => null,
        [var id] => id,
        var ids => new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
    };

    private static void WriteJson(string file, JsonObject json) =>
        AtomicFile.WriteText(file, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
}
