using System.Text.Json.Nodes;

namespace Llamax.Models.Families;

/// <summary>LLaMA 1, 2, 3 and 3.1 (Touvron et al., 2023) and what was trained on from them.</summary>
internal static class Llama
{
    public static readonly DecoderFamily Family = new()
    {
        Name = "llama",
        Models = "LLaMA 1 to 3.1, LLaMAX2, LLaMAX3, Alpaca, ChineseLLaMA2-Alpaca, Swallow, TowerInstruct",
        Architecture = "LlamaForCausalLM",
        Template = "alpaca",
        BasePrefix = "model.",
        Aliases = TiedNames.Of("model.embed_tokens.weight"),
        Ignored = LlamaNames.Ignored,
        TiedByDefault = false,
        Read = Read,
        Write = Write,
        Names = LlamaNames.Stack,
    };

    /// <summary>Reads the keys that LLaMA and its relatives share.</summary>
    public static DecoderConfig Read(JsonKeys json)
    {
        json.Expect("hidden_act", "silu", "swish");
        var hidden = json.RequiredInteger("hidden_size");
        var heads = json.RequiredInteger("num_attention_heads");
        var (theta, scaling) = Rope(json);
        var bias = json.Flag("attention_bias") ?? false;
        return new DecoderConfig
        {
            VocabularySize = json.RequiredInteger("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = json.RequiredInteger("intermediate_size"),
            Layers = json.RequiredInteger("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = json.Integer("num_key_value_heads") ?? heads,
            HeadSize = json.Integer("head_dim") ?? json.HeadSize(hidden, heads, "num_attention_heads"),
            MaxPositions = json.Integer("max_position_embeddings") ?? 2048,
            NormEpsilon = json.Number("rms_norm_eps") ?? 1e-6,
            RopeTheta = theta,
            RopeScaling = scaling,
            AttentionBias = bias,
            AttentionOutBias = bias,
            FeedForwardBias = json.Flag("mlp_bias") ?? false,
            TiedEmbeddings = json.Flag("tie_word_embeddings") ?? Family.TiedByDefault,
            InitializerRange = json.Number("initializer_range") ?? 0.02,
            BosId = json.Integer("bos_token_id"),
            EosIds = json.Integers("eos_token_id"),
            PadId = json.Integer("pad_token_id"),
        };
    }

    /// <summary>Writes the keys that <see cref="Read"/> reads.</summary>
    public static JsonObject Write(DecoderConfig config) => new()
    {
        ["attention_bias"] = config.AttentionBias,
        ["attention_dropout"] = 0.0,
        ["head_dim"] = config.HeadSize,
        ["hidden_act"] = "silu",
        ["hidden_size"] = config.HiddenSize,
        ["intermediate_size"] = config.IntermediateSize,
        ["max_position_embeddings"] = config.MaxPositions,
        ["mlp_bias"] = config.FeedForwardBias,
        ["num_attention_heads"] = config.Heads,
        ["num_hidden_layers"] = config.Layers,
        ["num_key_value_heads"] = config.KeyValueHeads,
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
    };

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
}
