using Llamax.Models.Attention;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>One layer. Query, key and value weights are one matrix, as are gate and up: one product each.</summary>
internal sealed class DecoderLayer : nn.Module
{
    private readonly DecoderConfig config;
    private readonly int number;
    private readonly FusedMemory memory;
    private readonly Parameter attentionNorm, attentionIn, attentionOut, feedForwardNorm, feedForwardIn, feedForwardOut;
    private readonly Parameter? attentionInBias, attentionOutBias, feedForwardInBias, feedForwardOutBias;

    public DecoderLayer(DecoderConfig config, int number, FusedMemory memory, ScalarType type, Device device)
        : base($"layers.{number}")
    {
        (this.config, this.number, this.memory) = (config, number, memory);
        var (hidden, inner) = (config.HiddenSize, config.IntermediateSize);
        var (queries, all) = (config.Heads * config.HeadSize, (config.Heads + (2 * config.KeyValueHeads)) * config.HeadSize);
        attentionNorm = New("attention_norm", hidden);
        attentionIn = New("attention_in", all, hidden);
        attentionInBias = config.AttentionBias ? New("attention_in_bias", all) : null;
        attentionOut = New("attention_out", hidden, queries);
        attentionOutBias = config.AttentionBias ? New("attention_out_bias", hidden) : null;
        feedForwardNorm = New("feed_forward_norm", hidden);
        feedForwardIn = New("feed_forward_in", 2 * inner, hidden);
        feedForwardInBias = config.FeedForwardBias ? New("feed_forward_in_bias", 2 * inner) : null;
        feedForwardOut = New("feed_forward_out", hidden, inner);
        feedForwardOutBias = config.FeedForwardBias ? New("feed_forward_out_bias", hidden) : null;

        Parameter New(string name, params long[] shape)
        {
            var parameter = new Parameter(empty(shape, type, device));
            register_parameter(name, parameter);
            return parameter;
        }
    }

    /// <summary>The residual stream before the feed-forward part's addition, and that addition.</summary>
    /// <param name="x"><c>[batch, sequence, hidden]</c>, the residual stream.</param>
    /// <param name="added">What the layer before wants added to it; null in the first layer.</param>
    /// <param name="cos">Of <see cref="Rotary.Angles"/>.</param>
    /// <param name="sin">Of <see cref="Rotary.Angles"/>.</param>
    /// <param name="attention">Who attends to whom.</param>
    public (Tensor X, Tensor Added) Forward(Tensor x, Tensor? added, Tensor cos, Tensor sin, AttentionContext attention)
    {
        (x, var normed) = ResidualNorm.Apply(x, added, attentionNorm, config.NormEpsilon, memory);
        (x, normed) = ResidualNorm.Apply(x, Attention(normed, cos, sin, attention), feedForwardNorm, config.NormEpsilon, memory);
        return (x, FeedForward(normed));
    }

    /// <summary>The weights under the names that Hugging Face gives them; parts of one matrix are views of it.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights()
    {
        var prefix = $"model.layers.{number}.";
        long queries = config.Heads * config.HeadSize, keys = config.KeyValueHeads * config.HeadSize, inner = config.IntermediateSize;
        yield return ($"{prefix}input_layernorm.weight", attentionNorm);
        foreach (var (suffix, all, output) in new[]
        {
            ("weight", attentionIn, attentionOut), ("bias", attentionInBias, attentionOutBias),
        })
        {
            if (all is not null)
            {
                yield return ($"{prefix}self_attn.q_proj.{suffix}", all.narrow(0, 0, queries));
                yield return ($"{prefix}self_attn.k_proj.{suffix}", all.narrow(0, queries, keys));
                yield return ($"{prefix}self_attn.v_proj.{suffix}", all.narrow(0, queries + keys, keys));
                yield return ($"{prefix}self_attn.o_proj.{suffix}", output!);
            }
        }

        yield return ($"{prefix}post_attention_layernorm.weight", feedForwardNorm);
        foreach (var (suffix, all, output) in new[]
        {
            ("weight", feedForwardIn, feedForwardOut), ("bias", feedForwardInBias, feedForwardOutBias),
        })
        {
            if (all is not null)
            {
                yield return ($"{prefix}mlp.gate_proj.{suffix}", all.narrow(0, 0, inner));
                yield return ($"{prefix}mlp.up_proj.{suffix}", all.narrow(0, inner, inner));
                yield return ($"{prefix}mlp.down_proj.{suffix}", output!);
            }
        }
    }

    private Tensor Attention(Tensor x, Tensor cos, Tensor sin, AttentionContext attention)
    {
        var (batch, sequence) = (x.shape[0], x.shape[1]);
        var (heads, shared) = (config.Heads, config.KeyValueHeads);
        var all = Projection.Apply(x, attentionIn, attentionInBias).view(batch, sequence, heads + (2 * shared), config.HeadSize);
        var (q, k, v) = Rotary.Split(all, cos, sin, heads, shared, memory);
        var mixed = attention.Attend(number, q, k, v);
        return Projection.Apply(mixed.transpose(1, 2).reshape(batch, sequence, -1), attentionOut, attentionOutBias);
    }

    private Tensor FeedForward(Tensor x) => Projection.Apply(
        SwiGlu.Apply(Projection.Apply(x, feedForwardIn, feedForwardInBias), memory), feedForwardOut, feedForwardOutBias);
}
