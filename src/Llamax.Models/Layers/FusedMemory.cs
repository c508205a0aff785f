using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>What the fused kernels share: when they apply, raw memory, and when tensors of the backward pass are freed.</summary>
internal sealed unsafe class FusedMemory
{
    /// <summary>From here on a span cannot hold the tensor's bytes.</summary>
    public const long TooManyNumbers = 1 << 29;

    private readonly List<Tensor> returned = [];

    /// <summary>Whether all of these can be given to a kernel: float32 in order in this machine's memory.</summary>
    public static bool Applies(params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (tensor is not null && (tensor.dtype != ScalarType.Float32 || tensor.device_type != DeviceType.CPU
                || !tensor.is_contiguous() || tensor.NumberOfElements >= TooManyNumbers))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a backward pass may follow.</summary>
    public static bool Records(params ReadOnlySpan<Tensor?> tensors)
    {
        if (!is_grad_enabled())
        {
            return false;
        }

        foreach (var tensor in tensors)
        {
            if (tensor is { requires_grad: true })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The numbers of a tensor that <see cref="Applies"/>; valid while the tensor lives.</summary>
    public static float* Numbers(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>The same numbers, kept for the backward pass outside every dispose scope.</summary>
    public static Tensor Keep(Tensor tensor) => tensor.detach().DetachFromDisposeScope();

    /// <summary>
    /// Gives gradients to autograd. It takes its own references before the next node runs, so the ones given the time
    /// before are let go: gradients of all layers would otherwise pile up until the step's dispose scope ends.
    /// </summary>
    public List<Tensor> Return(params List<Tensor?> gradients)
    {
        foreach (var tensor in returned)
        {
            tensor.Dispose();
        }

        returned.Clear();
        returned.AddRange(gradients.OfType<Tensor>().Distinct());
        return gradients!;
    }
}
