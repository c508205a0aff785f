using System.Text.Json.Nodes;

namespace Llamax.Models.Families;

/// <summary>GPT-2 (Radford et al., 2019): learned positions, layer norms, matrices stored as <c>[in, out]</c>, tied.</summary>
internal static class Gpt2
{
    public static readonly DecoderFamily Family = new()
    {
        Name = "gpt2",
        Models = "GPT-2, PolyLM",
        Architecture = "GPT2LMHeadModel",
        Template = "polylm",
        BasePrefix = "transformer.",
        Aliases = TiedNames.Of("transformer.wte.weight"),
        Ignored = ["attn.bias", "attn.masked_bias"], // The causal mask and the number that it puts in.
        Read = Read,
        Write = config => new JsonObject
        {
            ["activation_function"] = config.Activation == ActivationKind.Gelu ? "gelu" : "gelu_new",
            ["layer_norm_epsilon"] = config.NormEpsilon,
            ["n_embd"] = config.HiddenSize,
            ["n_head"] = config.Heads,
            ["n_inner"] = config.IntermediateSize,
            ["n_layer"] = config.Layers,
            ["n_positions"] = config.MaxPositions,
        },
        Names = new StackNames
        {
            Embedding = "transformer.wte.weight",
            Positions = "transformer.wpe.weight",
            Layer = new LayerNames
            {
                Prefix = "transformer.h.{0}.",
                CountKey = "n_layer",
                AttentionNorm = "ln_1",
                AttentionIn = ["attn.c_attn"],
                AttentionOut = "attn.c_proj",
                FeedForwardNorm = "ln_2",
                FeedForwardIn = ["mlp.c_fc"],
                FeedForwardOut = "mlp.c_proj",
                Transposed = true,
            },
            Norm = "transformer.ln_f",
            Output = "lm_head.weight",
        },
    };

    private static DecoderConfig Read(JsonKeys json)
    {
        json.Expect("scale_attn_weights", expected: true);
        json.Expect("scale_attn_by_inverse_layer_idx", expected: false);
        var hidden = json.RequiredInteger("n_embd");
        var heads = json.RequiredInteger("n_head");
        return new DecoderConfig
        {
            Family = "gpt2",
            VocabularySize = json.RequiredInteger("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = json.Integer("n_inner") ?? 4 * hidden,
            Layers = json.RequiredInteger("n_layer"),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = json.HeadSize(hidden, heads, "n_head"),
            MaxPositions = json.Integer("n_positions") ?? 1024,
            Norm = NormKind.Layer,
            NormBias = true,
            NormEpsilon = json.Number("layer_norm_epsilon") ?? 1e-5,
            Positions = PositionKind.Learned,
            Activation = json.Expect("activation_function", "gelu_new", "gelu_pytorch_tanh", "gelu") == "gelu"
                ? ActivationKind.Gelu
                : ActivationKind.GeluTanh,
            AttentionBias = true,
            AttentionOutBias = true,
            FeedForwardBias = true,
            TiedEmbeddings = json.Flag("tie_word_embeddings") ?? true,
            InitializerRange = json.Number("initializer_range") ?? 0.02,
            BosId = json.Integer("bos_token_id"),
            EosIds = json.Integers("eos_token_id"),
            PadId = json.Integer("pad_token_id"),
            FixedPadding = false,
        };
    }
}
