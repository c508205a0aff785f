using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>Rotary position embeddings (Su et al., 2021) in the half-split layout of Hugging Face's LLaMA.</summary>
internal static class Rotary
{
    /// <summary>The angle per position of each pair of numbers, <c>[head_dim / 2]</c> in float32.</summary>
    public static float[] Frequencies(StackConfig config)
    {
        var frequencies = new float[config.HeadSize / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var exponent = (float)(2 * i) / config.HeadSize;
            frequencies[i] = 1f / (float)Math.Pow(config.RopeTheta, exponent);
            if (config.RopeScaling is { } scaling)
            {
                frequencies[i] = Stretch(frequencies[i], scaling);
            }
        }

        return frequencies;
    }

    /// <summary>Cosine and sine of each position's angles, <c>[batch|1, sequence, 1, head_dim / 2]</c> in float32.</summary>
    public static (Tensor Cos, Tensor Sin) Angles(Tensor positions, Tensor frequencies)
    {
        var angles = (positions.to_type(ScalarType.Float32).unsqueeze(-1) * frequencies).unsqueeze(2);
        return (angles.cos(), angles.sin());
    }

    /// <summary>Cuts a layer's product into queries, keys and values and rotates the first two.</summary>
    /// <param name="all"><c>[batch, sequence, heads + 2 · shared, head_dim]</c>: queries, keys, values.</param>
    /// <param name="cos">Of <see cref="Angles"/>.</param>
    /// <param name="sin">Of <see cref="Angles"/>.</param>
    /// <param name="heads">Number of query heads.</param>
    /// <param name="shared">Number of key and value heads.</param>
    /// <param name="memory">Of the model.</param>
    /// <returns><c>[batch, heads | shared, sequence, head_dim]</c> each.</returns>
    public static (Tensor Q, Tensor K, Tensor V) Split(
        Tensor all, Tensor cos, Tensor sin, int heads, int shared, FusedMemory memory)
    {
        if (!FusedMemory.Applies(all, cos, sin))
        {
            return Reference(all, cos, sin, heads, shared);
        }

        var parts = FusedMemory.Records(all)
            ? FusedRotary.apply(all, cos, sin, heads, shared, memory)
            : FusedRotary.Compute(all, cos, sin, heads, shared);
        return (parts[0], parts[1], parts[2]);
    }

    /// <summary>The same from torch's own operations, for every device and type.</summary>
    public static (Tensor Q, Tensor K, Tensor V) Reference(Tensor all, Tensor cos, Tensor sin, int heads, int shared)
    {
        var halves = all.narrow(2, 0, heads + shared).chunk(2, -1);
        var (c, s) = (cos.to_type(all.dtype), sin.to_type(all.dtype));
        var rotated = torch.cat([(halves[0] * c) - (halves[1] * s), (halves[1] * c) + (halves[0] * s)], -1);
        return (
            rotated.narrow(2, 0, heads).transpose(1, 2),
            rotated.narrow(2, heads, shared).transpose(1, 2),
            all.narrow(2, heads + shared, shared).transpose(1, 2));
    }

    /// <summary>The same with each pair of neighbouring numbers rotated, as Cohere's models have it.</summary>
    public static (Tensor Q, Tensor K, Tensor V) SplitInterleaved(Tensor all, Tensor cos, Tensor sin, int heads, int shared)
    {
        var pairs = all.narrow(2, 0, heads + shared).reshape(all.shape[0], all.shape[1], heads + shared, all.shape[3] / 2, 2).unbind(-1);
        var (c, s) = (cos.to_type(all.dtype), sin.to_type(all.dtype));
        var rotated = stack([(pairs[0] * c) - (pairs[1] * s), (pairs[1] * c) + (pairs[0] * s)], -1).flatten(3);
        return (
            rotated.narrow(2, 0, heads).transpose(1, 2),
            rotated.narrow(2, heads, shared).transpose(1, 2),
            all.narrow(2, heads + shared, shared).transpose(1, 2));
    }

    /// <summary>Cuts a layer's product into queries, keys and values that no position rotates.</summary>
    public static (Tensor Q, Tensor K, Tensor V) Cut(Tensor all, int heads, int shared) => (
        all.narrow(2, 0, heads).transpose(1, 2),
        all.narrow(2, heads, shared).transpose(1, 2),
        all.narrow(2, heads + shared, shared).transpose(1, 2));

    /// <summary>LLaMA 3.1's rule: long wavelengths are stretched, short ones kept, between them it is interpolated.</summary>
    private static float Stretch(float frequency, RopeScaling scaling)
    {
        var wavelength = 2 * Math.PI / frequency;
        if (wavelength < scaling.OriginalMaxPositions / scaling.HighFrequencyFactor)
        {
            return frequency;
        }

        if (wavelength > scaling.OriginalMaxPositions / scaling.LowFrequencyFactor)
        {
            return (float)(frequency / scaling.Factor);
        }

        var smooth = ((scaling.OriginalMaxPositions / wavelength) - scaling.LowFrequencyFactor)
            / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return (float)(((1 - smooth) * frequency / scaling.Factor) + (smooth * frequency));
    }
}
