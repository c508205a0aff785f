using Llamax.Models.Attention;
using Llamax.Models.Families;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>Embeddings in, hidden states out: positions, layers and the last norm of any network.</summary>
internal sealed class TransformerStack : nn.Module
{
    private readonly StackConfig config;
    private readonly TransformerLayer[] layers;
    private readonly Norm? norm;
    private readonly Parameter? positionRows, distanceWeight;
    private readonly Tensor? frequencies;
    private readonly bool bidirectional;

    public TransformerStack(StackConfig config, bool cross, bool bidirectional, FusedMemory memory, ScalarType type, Device device)
        : base("stack")
    {
        (this.config, this.bidirectional) = (config, bidirectional);
        layers = new TransformerLayer[config.Layers];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = new TransformerLayer(config, i, cross, memory, type, device);
            register_module($"layers_{i}", layers[i]);
        }

        if (config.NormPlace != NormPlace.After)
        {
            norm = new Norm(config, memory, type, device);
            register_module("norm", norm);
        }

        switch (config.Positions)
        {
            case PositionKind.Learned:
                positionRows = new Parameter(empty([(long)config.MaxPositions + config.PositionOffset, config.HiddenSize], type, device));
                register_parameter("positions", positionRows);
                break;
            case PositionKind.Distance:
                distanceWeight = new Parameter(empty([config.DistanceBuckets, config.Heads], type, device));
                register_parameter("distances", distanceWeight);
                break;
            default:
                frequencies = tensor(config.Rotates ? Rotary.Frequencies(config) : Sinusoid.Frequencies(config.HiddenSize))
                    .to(device).DetachFromDisposeScope();
                register_buffer("frequencies", frequencies, persistent: false);
                break;
        }
    }

    /// <summary>Embeddings with their positions, as the first layer reads them.</summary>
    /// <param name="embeddings"><c>[batch, sequence, hidden]</c>.</param>
    /// <param name="positions"><c>[batch|1, sequence]</c>, int64, from 0.</param>
    public Tensor Place(Tensor embeddings, Tensor positions)
    {
        var x = config.EmbeddingScale == 1 ? embeddings : embeddings * config.EmbeddingScale;
        return config.Positions switch
        {
            PositionKind.Learned => x + positionRows!.index_select(0, (positions + config.PositionOffset).flatten())
                .view(positions.shape[0], positions.shape[1], -1),
            PositionKind.Sinusoidal => x + Sinusoid.Rows(positions + config.PositionOffset, frequencies!, config.HiddenSize).to_type(x.dtype),
            _ => x,
        };
    }

    /// <summary>The hidden states after the last layer, and after the last norm where there is one.</summary>
    /// <param name="x">Of <see cref="Place"/>.</param>
    /// <param name="positions"><c>[batch|1, sequence]</c>, int64, from 0.</param>
    /// <param name="attention">Who attends to whom.</param>
    /// <param name="states">Receives what each layer reads, and then the result; null where nobody asks.</param>
    public Tensor Forward(Tensor x, Tensor positions, AttentionContext attention, Action<Tensor>? states = null)
    {
        using var bias = distanceWeight is null ? null : new DistanceBias(distanceWeight, config.MaximalDistance, bidirectional);
        (Tensor, Tensor)? angles = config.Rotates ? Rotary.Angles(positions, frequencies!) : null;
        Tensor? added = null;
        foreach (var layer in layers)
        {
            states?.Invoke(added is null ? x : x + added);
            (x, added) = layer.Forward(x, added, angles, bias, attention);
        }

        x = norm is null ? x : norm.Apply(x, added, last: true).Norm;
        states?.Invoke(x);
        return x;
    }

    /// <summary>Keys and values of an encoder's states, for each layer.</summary>
    /// <param name="states"><c>[batch, source, hidden]</c>.</param>
    /// <returns>Per layer <c>[batch, kv_heads, source, head_dim]</c> each.</returns>
    public IReadOnlyList<(Tensor Keys, Tensor Values)> CrossKeyValues(Tensor states) =>
        [.. layers.Select(layer => layer.CrossKeyValues(states))];

    /// <summary>The weights under the names that the family gives them, positions first, the last norm last.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights(StackNames names)
    {
        if (positionRows is not null)
        {
            yield return (names.Positions!, positionRows);
        }

        if (distanceWeight is not null)
        {
            yield return (names.DistanceBias!, distanceWeight);
        }

        foreach (var weight in layers.SelectMany(layer => layer.Weights(names.Layer)).Concat(norm?.Weights(names.Norm!) ?? []))
        {
            yield return weight;
        }
    }
}
