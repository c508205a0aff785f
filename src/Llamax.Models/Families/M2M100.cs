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
        Read = Read,
        Encoder = Names("model.encoder."),
        Decoder = Names("model.decoder."),
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [Shared] = ["model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"],
        },
    };

    private static StackNames Names(string prefix) => new()
    {
        Embedding = Shared,
        Layer = new LayerNames
        {
            Prefix = prefix + "layers.{0}.",
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
        Norm = prefix + "layer_norm",
        Output = "lm_head.weight",
    };

    private static SequenceToSequenceConfig Read(JsonKeys json)
    {
        var width = json.RequiredInteger("d_model");
        var vocabulary = json.RequiredInteger("vocab_size");
        var positions = json.Integer("max_position_embeddings") ?? 1024;
        var pad = json.Integer("pad_token_id") ?? 1;
        var scale = json.Flag("scale_embedding") ?? true ? Math.Sqrt(width) : 1;
        var activation = json.Expect("activation_function", "relu", "gelu") == "gelu" ? ActivationKind.Gelu : ActivationKind.Relu;
        var (encoderHeads, decoderHeads) = (json.RequiredInteger("encoder_attention_heads"), json.RequiredInteger("decoder_attention_heads"));
        return new SequenceToSequenceConfig
        {
            StartId = json.Integer("decoder_start_token_id") ?? 2,
            Encoder = new EncoderConfig
            {
                Family = "m2m_100",
                VocabularySize = vocabulary,
                HiddenSize = width,
                IntermediateSize = json.RequiredInteger("encoder_ffn_dim"),
                Layers = json.RequiredInteger("encoder_layers"),
                Heads = encoderHeads,
                KeyValueHeads = encoderHeads,
                HeadSize = json.HeadSize(width, encoderHeads, "encoder_attention_heads"),
                MaxPositions = positions,
                Norm = NormKind.Layer,
                NormBias = true,
                Positions = PositionKind.Sinusoidal,
                PositionOffset = PositionOffset,
                Activation = activation,
                AttentionBias = true,
                AttentionOutBias = true,
                FeedForwardBias = true,
                EmbeddingScale = scale,
                PadId = pad,
            },
            Decoder = new DecoderConfig
            {
                Family = "m2m_100",
                VocabularySize = vocabulary,
                HiddenSize = width,
                IntermediateSize = json.RequiredInteger("decoder_ffn_dim"),
                Layers = json.RequiredInteger("decoder_layers"),
                Heads = decoderHeads,
                KeyValueHeads = decoderHeads,
                HeadSize = json.HeadSize(width, decoderHeads, "decoder_attention_heads"),
                MaxPositions = positions,
                Norm = NormKind.Layer,
                NormBias = true,
                Positions = PositionKind.Sinusoidal,
                PositionOffset = PositionOffset,
                Activation = activation,
                AttentionBias = true,
                AttentionOutBias = true,
                FeedForwardBias = true,
                EmbeddingScale = scale,
                CrossAttention = true,
                TiedEmbeddings = json.Flag("tie_word_embeddings") ?? true,
                InitializerRange = json.Number("init_std") ?? 0.02,
                BosId = json.Integer("bos_token_id"),
                EosIds = json.Integers("eos_token_id"),
                PadId = pad,
            },
        };
    }
}
