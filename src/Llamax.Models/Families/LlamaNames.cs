namespace Llamax.Models.Families;

/// <summary>The names of LLaMA's weights, which other families took over.</summary>
internal static class LlamaNames
{
    public static readonly StackNames Stack = new()
    {
        Embedding = "model.embed_tokens.weight",
        Layer = new LayerNames
        {
            Prefix = "model.layers.{0}.",
            CountKey = "num_hidden_layers",
            AttentionNorm = "input_layernorm",
            AttentionIn = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
            AttentionOut = "self_attn.o_proj",
            FeedForwardNorm = "post_attention_layernorm",
            FeedForwardIn = ["mlp.gate_proj", "mlp.up_proj"],
            FeedForwardOut = "mlp.down_proj",
        },
        Norm = "model.norm",
        Output = Family.UsualOutput,
    };

    /// <summary>Buffers of rotary positions, which older checkpoints have in each layer.</summary>
    public static readonly IReadOnlyList<string> Ignored = ["rotary_emb.inv_freq", "rotary_emb.cos_cached", "rotary_emb.sin_cached"];
}
