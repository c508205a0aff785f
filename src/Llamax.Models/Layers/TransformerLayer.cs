using Llamax.Models.Attention;
using Llamax.Models.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>One layer of any stack. Query, key and value weights are one matrix, as are gate and up: one product each.</summary>
internal sealed class TransformerLayer : nn.Module
{
    private readonly StackConfig config;
    private readonly int number;
    private readonly FusedMemory memory;
    private readonly Norm attentionNorm;
    private readonly Norm? feedForwardNorm, crossNorm;
    private readonly PackedLinear attentionIn, attentionOut, feedForwardIn, feedForwardOut;
    private readonly PackedLinear? crossQuery, crossKeyValue, crossOut;

    public TransformerLayer(StackConfig config, int number, bool cross, FusedMemory memory, ScalarType type, Device device)
        : base($"layers.{number}")
    {
        (this.config, this.number, this.memory) = (config, number, memory);
        var (hidden, queries, keys) = (config.HiddenSize, config.QueryWidth, config.KeyValueHeads * config.HeadSize);
        attentionNorm = Register("attention_norm", new Norm(config, memory, type, device));
        attentionIn = New("attention_in", hidden, [queries, keys, keys], config.AttentionBias);
        attentionOut = New("attention_out", queries, [hidden], config.AttentionOutBias);
        if (cross)
        {
            crossNorm = Register("cross_norm", new Norm(config, memory, type, device));
            crossQuery = New("cross_query", hidden, [queries], config.AttentionBias);
            crossKeyValue = New("cross_key_value", hidden, [keys, keys], config.AttentionBias);
            crossOut = New("cross_out", queries, [hidden], config.AttentionOutBias);
        }

        feedForwardNorm = config.NormPlace == NormPlace.Parallel ? null : Register("feed_forward_norm", new Norm(config, memory, type, device));
        int[] inner = config.Gated ? [config.IntermediateSize, config.IntermediateSize] : [config.IntermediateSize];
        feedForwardIn = New("feed_forward_in", hidden, inner, config.FeedForwardBias);
        feedForwardOut = New("feed_forward_out", config.IntermediateSize, [hidden], config.FeedForwardBias);

        PackedLinear New(string name, int input, int[] parts, bool bias) => Register(name, new PackedLinear(input, parts, bias, type, device));

        T Register<T>(string name, T module)
            where T : nn.Module
        {
            register_module(name, module);
            return module;
        }
    }

    /// <summary>The residual stream before the layer's last addition, and that addition.</summary>
    /// <param name="x"><c>[batch, sequence, hidden]</c>, the residual stream.</param>
    /// <param name="added">What the layer before wants added to it; null in the first layer.</param>
    /// <param name="angles">Of <see cref="Rotary.Angles"/>; null where positions do not rotate.</param>
    /// <param name="bias">What distances add to the scores; null where nothing.</param>
    /// <param name="attention">Who attends to whom.</param>
    public (Tensor X, Tensor? Added) Forward(
        Tensor x, Tensor? added, (Tensor Cos, Tensor Sin)? angles, DistanceBias? bias, AttentionContext attention)
    {
        if (config.NormPlace == NormPlace.After)
        {
            (_, x) = attentionNorm.Apply(x, Attention(x, angles, bias, attention));
            (_, x) = feedForwardNorm!.Apply(x, FeedForward(x));
            return (x, null);
        }

        (x, var normed) = attentionNorm.Apply(x, added);
        var mixed = Attention(normed, angles, bias, attention);
        if (feedForwardNorm is null)
        {
            return (x, mixed + FeedForward(normed));
        }

        if (crossNorm is not null)
        {
            (x, normed) = crossNorm.Apply(x, mixed);
            mixed = CrossAttention(normed, attention);
        }

        (x, normed) = feedForwardNorm.Apply(x, mixed);
        return (x, FeedForward(normed));
    }

    /// <summary>Keys and values of an encoder's states.</summary>
    /// <param name="states"><c>[batch, source, hidden]</c>.</param>
    /// <returns><c>[batch, kv_heads, source, head_dim]</c> each.</returns>
    /// <exception cref="InvalidOperationException">The layer attends to no encoder.</exception>
    public (Tensor Keys, Tensor Values) CrossKeyValues(Tensor states)
    {
        var both = (crossKeyValue ?? throw new InvalidOperationException("The layer attends to no encoder.")).Apply(states)
            .view(states.shape[0], states.shape[1], 2 * config.KeyValueHeads, config.HeadSize).transpose(1, 2);
        return (both.narrow(1, 0, config.KeyValueHeads).contiguous(), both.narrow(1, config.KeyValueHeads, config.KeyValueHeads).contiguous());
    }

    /// <summary>The weights under the names that the family gives them; parts of one matrix are views of it.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights(LayerNames names)
    {
        var prefix = names.Prefix.Replace("{0}", number.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var transposed = names.Transposed;
        var weights = attentionNorm.Weights(prefix + names.AttentionNorm)
            .Concat(attentionIn.Weights(prefix, names.AttentionIn, transposed))
            .Concat(attentionOut.Weights(prefix, [names.AttentionOut], transposed));
        if (crossNorm is not null)
        {
            weights = weights.Concat(crossNorm.Weights(prefix + names.CrossNorm))
                .Concat(crossQuery!.Weights(prefix, [names.CrossQuery!], transposed))
                .Concat(crossKeyValue!.Weights(prefix, names.CrossKeyValue!, transposed))
                .Concat(crossOut!.Weights(prefix, [names.CrossOut!], transposed));
        }

        if (feedForwardNorm is not null)
        {
            weights = weights.Concat(feedForwardNorm.Weights(prefix + names.FeedForwardNorm));
        }

        return weights.Concat(feedForwardIn.Weights(prefix, !config.Gated && names.FeedForwardPlain is { } plain ? [plain] : names.FeedForwardIn, transposed))
            .Concat(feedForwardOut.Weights(prefix, [names.FeedForwardOut], transposed));
    }

    private Tensor Attention(Tensor x, (Tensor Cos, Tensor Sin)? angles, DistanceBias? bias, AttentionContext attention)
    {
        var (batch, sequence, heads, shared) = (x.shape[0], x.shape[1], config.Heads, config.KeyValueHeads);
        var all = attentionIn.Apply(x).view(batch, sequence, heads + (2 * shared), config.HeadSize);
        var (q, k, v) = angles is not { } known ? Rotary.Cut(all, heads, shared)
            : config.Positions == PositionKind.Rotary ? Rotary.Split(all, known.Cos, known.Sin, heads, shared, memory)
            : Rotary.SplitInterleaved(all, known.Cos, known.Sin, heads, shared);
        return attentionOut.Apply(Join(attention.Attend(number, Scaled(q), k, v, bias)));
    }

    private Tensor CrossAttention(Tensor x, AttentionContext attention)
    {
        var q = crossQuery!.Apply(x).view(x.shape[0], x.shape[1], config.Heads, config.HeadSize).transpose(1, 2);
        return crossOut!.Apply(Join(attention.AttendAcross(number, Scaled(q))));
    }

    /// <summary>Contexts divide scores by the square root of the head's width.</summary>
    private Tensor Scaled(Tensor q) => config.ScaledAttention ? q : q * Math.Sqrt(config.HeadSize);

    private static Tensor Join(Tensor mixed) => mixed.transpose(1, 2).reshape(mixed.shape[0], mixed.shape[2], -1);

    private Tensor FeedForward(Tensor x) => feedForwardOut.Apply(Activation.Apply(config.Activation, feedForwardIn.Apply(x), memory));
}
