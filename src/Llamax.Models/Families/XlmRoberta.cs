namespace Llamax.Models.Families;

/// <summary>XLM-R (Conneau et al., 2020), COMET's encoder: norms after each part, learned positions that count from the padding id.</summary>
internal static class XlmRoberta
{
    public static readonly EncoderFamily Family = new()
    {
        Name = "xlm-roberta",
        Models = "XLM-R, the encoder of COMET",
        Architecture = "XLMRobertaModel",
        BasePrefix = "roberta.",

        // Numbers from 0 on; and the head that fills in masked words, of which an encoder has no use.
        Ignored =
        [
            "embeddings.position_ids", "lm_head.bias", "lm_head.dense.weight", "lm_head.dense.bias", "lm_head.layer_norm.weight",
            "lm_head.layer_norm.bias", "lm_head.decoder.weight", "lm_head.decoder.bias",
        ],
        Read = Read,
        Names = new StackNames
        {
            Embedding = "embeddings.word_embeddings.weight",
            Positions = "embeddings.position_embeddings.weight",
            TokenTypes = "embeddings.token_type_embeddings.weight",
            EmbeddingNorm = "embeddings.LayerNorm",
            Layer = new LayerNames
            {
                Prefix = "encoder.layer.{0}.",
                CountKey = "num_hidden_layers",
                AttentionIn = ["attention.self.query", "attention.self.key", "attention.self.value"],
                AttentionOut = "attention.output.dense",
                AttentionNorm = "attention.output.LayerNorm",
                FeedForwardIn = ["intermediate.dense"],
                FeedForwardOut = "output.dense",
                FeedForwardNorm = "output.LayerNorm",
            },
            Pooler = "pooler.dense",
        },
    };

    private static EncoderConfig Read(JsonKeys json)
    {
        json.Expect("position_embedding_type", "absolute");
        var hidden = json.RequiredInteger("hidden_size");
        var heads = json.RequiredInteger("num_attention_heads");
        var pad = json.Integer("pad_token_id") ?? 1;
        return new EncoderConfig
        {
            Family = "xlm-roberta",
            VocabularySize = json.RequiredInteger("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = json.RequiredInteger("intermediate_size"),
            Layers = json.RequiredInteger("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = json.HeadSize(hidden, heads, "num_attention_heads"),

            // Rows up to the padding's are no positions.
            MaxPositions = (json.Integer("max_position_embeddings") ?? 514) - (pad + 1),
            Norm = NormKind.Layer,
            NormBias = true,
            NormEpsilon = json.Number("layer_norm_eps") ?? 1e-5,
            NormPlace = NormPlace.After,
            Positions = PositionKind.Learned,
            PositionOffset = pad + 1,
            Activation = json.Expect("hidden_act", "gelu", "gelu_new") == "gelu" ? ActivationKind.Gelu : ActivationKind.GeluTanh,
            AttentionBias = true,
            AttentionOutBias = true,
            FeedForwardBias = true,
            EmbeddingNorm = true,
            TokenTypes = json.Integer("type_vocab_size") ?? 1,
            Pooler = true,
            PadId = pad,
        };
    }
}
