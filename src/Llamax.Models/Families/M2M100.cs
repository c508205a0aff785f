namespace Llamax.Models.Families;

/// <summary>
/// M2M-100 (Fan et al., 2020) and NLLB (Costa-jussà et al., 2022): sinusoidal positions, scaled embeddings.
/// </summary>
internal static class M2M100
{
    // Rows before the first position's: what fairseq reserves for padding.
    private const int PositionOffset = 2;

    private const string Shared = "model.shared.weight";

    public static readonly SequenceToSequenceFamily Family = new()
    {
        Name = "m2m_100",
        Models = "M2M-100, NLLB-200",
        Architecture = "M2M100ForConditionalGeneration",
        BasePrefix = "model.",
        Read = json => Read(json, "m2m_100"),
        Encoder = Names("model.", "encoder"),
        Decoder = Names("model.", "decoder"),
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [Shared] = ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"],
        },

        // The sinusoids, which are computed; a bias of zeros; and what fairseq keeps beside the weights.
        Ignored = ["embed_positions.weights", "embed_positions._float_tensor", "final_logits_bias", "encoder.version", "decoder.version"],
    };

    /// <summary>What Hugging Face calls the weights of a half, which are fairseq's names but for the embedding and the output.</summary>
    /// <param name="prefix">What stands before the half's name.</param>
    /// <param name="half"><c>encoder</c> or <c>decoder</c>.</param>
    public static StackNames Names(string prefix, string half) => new()
    {
        Embedding = Shared,
        Layer = new LayerNames
        {
            Prefix = $"{prefix}{half}.layers.{{0}}.",
            CountKey = $"{half}_layers",
            AttentionNorm = "self_attn_layer_norm",
            AttentionIn = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
            AttentionOut = "self_attn.out_proj",
            CrossNorm = "encoder_attn_layer_norm",
            CrossQuery = "encoder_attn.q_proj",
            CrossKeyValue = ["encoder_attn.k_proj", "encoder_attn.v_proj"],
            CrossOut = "encoder_attn.out_proj",
            FeedForwardNorm = "final_layer_norm",
            FeedForwardIn = ["fc1"],
            FeedForwardOut = "fc2",
        },
        Norm = $"{prefix}{half}.layer_norm",
        Output = "lm_head.weight",
    };

    /// <summary>Reads the shape from the keys of M2M-100's <c>config.json</c>.</summary>
    public static SequenceToSequenceConfig Read(JsonKeys json, string family)
    {
        var (width, vocabulary) = (json.RequiredInteger("d_model"), json.RequiredInteger("vocab_size"));
        var (encoderHeads, decoderHeads) = (json.RequiredInteger("encoder_attention_heads"), json.RequiredInteger("decoder_attention_heads"));
        return new SequenceToSequenceConfig
        {
            StartId = json.Integer("decoder_start_token_id") ?? 2,
            Encoder = Common(json, new EncoderConfig
            {
                Family = family,
                VocabularySize = vocabulary,
                HiddenSize = width,
                IntermediateSize = json.RequiredInteger("encoder_ffn_dim"),
                Layers = json.RequiredInteger("encoder_layers"),
                Heads = encoderHeads,
                KeyValueHeads = encoderHeads,
                HeadSize = json.HeadSize(width, encoderHeads, "encoder_attention_heads"),
            }),
            Decoder = Common(json, new DecoderConfig
            {
                Family = family,
                VocabularySize = vocabulary,
                HiddenSize = width,
                IntermediateSize = json.RequiredInteger("decoder_ffn_dim"),
                Layers = json.RequiredInteger("decoder_layers"),
                Heads = decoderHeads,
                KeyValueHeads = decoderHeads,
                HeadSize = json.HeadSize(width, decoderHeads, "decoder_attention_heads"),
                CrossAttention = true,
                TiedEmbeddings = json.Flag("tie_word_embeddings") ?? true,
                InitializerRange = json.Number("init_std") ?? 0.02,
                BosId = json.Integer("bos_token_id"),
                EosIds = json.Integers("eos_token_id"),
            }),
        };
    }

    /// <summary>A half with what both have.</summary>
    private static T Common<T>(JsonKeys json, T half)
        where T : StackConfig => (T)((StackConfig)half with
        {
            MaxPositions = json.Integer("max_position_embeddings") ?? 1024,
            Norm = NormKind.Layer,
            NormBias = true,
            Positions = PositionKind.Sinusoidal,
            PositionOffset = PositionOffset,
            Activation = json.Expect("activation_function", "relu", "gelu") == "gelu" ? ActivationKind.Gelu : ActivationKind.Relu,
            AttentionBias = true,
            AttentionOutBias = true,
            FeedForwardBias = true,
            EmbeddingScale = json.Flag("scale_embedding") ?? true ? Math.Sqrt(half.HiddenSize) : 1,
            PadId = json.Integer("pad_token_id") ?? 1,
        });
}
