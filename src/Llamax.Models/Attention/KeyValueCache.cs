using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Attention;

/// <summary>
/// Keeps keys and values of what the model has read, so that each further call of the model gives it only the new
/// tokens. Memory for the whole length is taken once per layer.
/// </summary>
public sealed class KeyValueCache : AttentionContext, IDisposable
{
    private readonly (Tensor Keys, Tensor Values)?[] layers;
    private readonly int[] lengths;
    private readonly int capacity;
    private readonly Tensor? visible;

    /// <summary>An empty cache.</summary>
    /// <param name="layers">The model's number of layers.</param>
    /// <param name="capacity">The most tokens that it will hold.</param>
    /// <param name="promptMask"><c>[batch, prompt]</c>: zero where the prompt's padding is; null where there is none.</param>
    public KeyValueCache(int layers, int capacity, Tensor? promptMask = null)
    {
        this.layers = new (Tensor, Tensor)?[layers];
        lengths = new int[layers];
        this.capacity = capacity;
        if (promptMask is not null)
        {
            using var scope = NewDisposeScope();
            visible = F.pad(promptMask.to_type(ScalarType.Byte), [0, capacity - promptMask.shape[1]], value: 1)
                .to_type(ScalarType.Bool).DetachFromDisposeScope();
        }
    }

    /// <summary>Number of tokens read, padding included.</summary>
    public int Length => lengths[^1];

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        var (keys, values) = layers[layer] ??= (Allocate(k), Allocate(v));
        var (past, added) = (lengths[layer], (int)q.shape[2]);
        if (past + added > capacity)
        {
            throw new InvalidOperationException($"The cache holds {capacity} tokens, {past + added} were given.");
        }

        using var scope = NewDisposeScope();
        keys.narrow(2, past, added).copy_(k);
        values.narrow(2, past, added).copy_(v);
        lengths[layer] = past + added;
        var mask = Mask(past, added, q.device);
        if (bias is not null)
        {
            mask = Biased(mask ?? ones([1, 1, added, past + added], ScalarType.Bool, q.device), bias, q.dtype);
        }

        return F.scaled_dot_product_attention(
            q,
            Repeat(q.shape[1], keys.narrow(2, 0, past + added)),
            Repeat(q.shape[1], values.narrow(2, 0, past + added)),
            attn_mask: mask).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        visible?.Dispose();
        foreach (var layer in layers)
        {
            layer?.Keys.Dispose();
            layer?.Values.Dispose();
        }
    }

    private Tensor Allocate(Tensor like) => empty(
        [like.shape[0], like.shape[1], capacity, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();

    /// <summary><c>[batch|1, 1, added, past + added]</c>, or null where every key is visible.</summary>
    private Tensor? Mask(int past, int added, Device device)
    {
        var causal = added == 1 ? null : ones([1, 1, added, past + added], ScalarType.Bool, device).tril(past);
        if (visible is null)
        {
            return causal;
        }

        var mask = visible.narrow(1, 0, past + added).unsqueeze(1).unsqueeze(1).expand(-1, 1, added, -1);
        if (causal is not null)
        {
            mask &= causal;
        }

        var self = zeros([added, past + added], ScalarType.Bool, device);
        self.diagonal(past).fill_(true);
        return mask | self;
    }
}
