using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Layers;

/// <summary>
/// Products with weights. libtorch's own products come from MKL, which leaves out AVX-512 on other makers' processors. There,
/// a product with a backward pass to follow is written as a convolution with a kernel of one point, which comes from oneDNN,
/// at about twice the speed, and one without is our own (<see cref="RowProducts"/>). Which of them it is depends on processor,
/// number of threads and shapes alone, so that the same run gives the same bits again.
/// </summary>
public static class Projection
{
    /// <summary>With one thread, libtorch gives smaller batches of one-point convolutions to MKL.</summary>
    private const int Images = 16;

    /// <summary>Rows below which preparing the weights costs more than the product gains.</summary>
    private const int MinimalRows = 128;

    /// <summary>
    /// Whether libtorch's own products leave out what the processor can do. Where they do, a row's product without a
    /// backward pass is, in float32, the same to the last bit whatever rows stand beside it.
    /// </summary>
    public static bool Avx512LeftOut { get; } = Avx512F.IsSupported && !IsIntel();

    /// <summary><c>x · weightᵀ + bias</c>.</summary>
    /// <param name="x"><c>[..., in]</c>.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>, or null.</param>
    /// <returns><c>[..., out]</c>.</returns>
    public static Tensor Apply(Tensor x, Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (!Avx512LeftOut)
        {
            return F.linear(x, weight, bias);
        }

        if (!FusedMemory.Records(x, weight, bias))
        {
            return RowProducts.Applies(x, weight, bias) ? RowProducts.Multiply(x, weight, bias) : F.linear(x, weight, bias);
        }

        return x.dim() == 3 && FusedMemory.Applies(x, weight) && Divide(x.shape[0], x.shape[1]) is { } images
            ? AsConvolution(x, weight, bias, images)
            : F.linear(x, weight, bias);
    }

    /// <summary>The same, always as a convolution.</summary>
    internal static Tensor AsConvolution(Tensor x, Tensor weight, Tensor? bias, (long Count, long Points) images)
    {
        var (output, input) = (weight.shape[0], weight.shape[1]);

        // Rows are the points of images whose channels lie side by side, as oneDNN likes them: no number is moved.
        var pictures = x.reshape(images.Count, images.Points, 1, input).permute(0, 3, 1, 2);
        var kernel = weight.view(output, 1, 1, input).permute(0, 3, 1, 2);
        return F.conv2d(pictures, kernel, bias).permute(0, 2, 3, 1).reshape(x.shape[0], x.shape[1], output);
    }

    private static (long Count, long Points)? Divide(long batch, long sequence) =>
        batch * sequence < MinimalRows || sequence < 2 ? null
        : batch >= Images || get_num_threads() > 1 ? (batch, sequence)
        : batch * sequence % Images == 0 ? (Images, batch * sequence / Images)
        : null;

    private static bool IsIntel()
    {
        var (_, ebx, ecx, edx) = X86Base.CpuId(0, 0);
        return (ebx, edx, ecx) == (0x756E6547, 0x49656E69, 0x6C65746E); // "Genu", "ineI", "ntel"
    }
}
