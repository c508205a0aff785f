namespace Llamax.Models.Families;

/// <summary>
/// T5 1.0 (Raffel et al., 2020) and 1.1, as MADLAD-400 (Kudugunta et al., 2023) and mT5 with Aya-101 (Üstün et al., 2024)
/// have it: distances instead of positions, attention without scaling, norms by root mean square.
/// </summary>
internal static class T5
{
    /// <summary>Distances have no end, but the memory for the scores has: longer texts are cut.</summary>
    private const int LongestSource = 2048;

    private const string Shared = "shared.weight";

    public static readonly SequenceToSequenceFamily Family = Named("t5", "T5ForConditionalGeneration", "T5, MADLAD-400", "madlad");

    public static readonly SequenceToSequenceFamily MultilingualFamily = Named("mt5", "MT5ForConditionalGeneration", "mT5, Aya-101", "aya-101");

    private static SequenceToSequenceFamily Named(string name, string architecture, string models, string template) => new()
    {
        Name = name,
        Models = models,
        Architecture = architecture,
        Template = template,
        Read = json => Read(json, name),
        Encoder = Names("encoder.", 1, "num_layers"),
        Decoder = Names("decoder.", 2, "num_decoder_layers"),
        Aliases = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [Shared] = ["encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"],
        },
        Ignored = ["EncDecAttention.relative_attention_bias.weight"], // Attention to the source knows no distances.
    };

    private static StackNames Names(string prefix, int number, string countKey) => new()
    {
        Embedding = Shared,
        DistanceBias = prefix + "block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        Layer = new LayerNames
        {
            Prefix = prefix + "block.{0}.",
            CountKey = countKey,
            AttentionNorm = "layer.0.layer_norm",
            AttentionIn = ["layer.0.SelfAttention.q", "layer.0.SelfAttention.k", "layer.0.SelfAttention.v"],
            AttentionOut = "layer.0.SelfAttention.o",
            CrossNorm = "layer.1.layer_norm",
            CrossQuery = "layer.1.EncDecAttention.q",
            CrossKeyValue = ["layer.1.EncDecAttention.k", "layer.1.EncDecAttention.v"],
            CrossOut = "layer.1.EncDecAttention.o",
            FeedForwardNorm = $"layer.{number}.layer_norm",
            FeedForwardIn = [$"layer.{number}.DenseReluDense.wi_0", $"layer.{number}.DenseReluDense.wi_1"],
            FeedForwardPlain = $"layer.{number}.DenseReluDense.wi",
            FeedForwardOut = $"layer.{number}.DenseReluDense.wo",
        },
        Norm = prefix + "final_layer_norm",
        Output = "lm_head.weight",
    };

    private static SequenceToSequenceConfig Read(JsonKeys json, string family)
    {
        var width = json.RequiredInteger("d_model");
        var layers = json.RequiredInteger("num_layers");
        var heads = json.RequiredInteger("num_heads");
        var tied = json.Flag("tie_word_embeddings") ?? true;
        var encoder = new EncoderConfig
        {
            Family = family,
            VocabularySize = json.RequiredInteger("vocab_size"),
            HiddenSize = width,
            IntermediateSize = json.RequiredInteger("d_ff"),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = json.RequiredInteger("d_kv"),
            MaxPositions = json.Integer("n_positions") ?? LongestSource,
            NormEpsilon = json.Number("layer_norm_epsilon") ?? 1e-6,
            Positions = PositionKind.Distance,
            DistanceBuckets = json.Integer("relative_attention_num_buckets") ?? 32,
            MaximalDistance = json.Integer("relative_attention_max_distance") ?? 128,
            Activation = json.Expect("feed_forward_proj", "relu", "gated-gelu") == "relu" ? ActivationKind.Relu : ActivationKind.GatedGeluTanh,
            ScaledAttention = false,
            PadId = json.Integer("pad_token_id") ?? 0,
        };
        return new SequenceToSequenceConfig
        {
            StartId = json.Integer("decoder_start_token_id") ?? 0,
            Encoder = encoder,
            Decoder = new DecoderConfig
            {
                Family = family,
                VocabularySize = encoder.VocabularySize,
                HiddenSize = width,
                IntermediateSize = encoder.IntermediateSize,
                Layers = json.Integer("num_decoder_layers") ?? layers,
                Heads = heads,
                KeyValueHeads = heads,
                HeadSize = encoder.HeadSize,
                MaxPositions = int.MaxValue,
                NormEpsilon = encoder.NormEpsilon,
                Positions = PositionKind.Distance,
                DistanceBuckets = encoder.DistanceBuckets,
                MaximalDistance = encoder.MaximalDistance,
                Activation = encoder.Activation,
                ScaledAttention = false,
                CrossAttention = true,
                TiedEmbeddings = tied,
                LogitScale = tied ? 1 / Math.Sqrt(width) : 1,
                BosId = null,
                EosIds = json.Integers("eos_token_id"),
                PadId = encoder.PadId,
                FixedPadding = false,
            },
        };
    }
}
