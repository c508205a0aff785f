using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Layers;

/// <summary>Rotary position embeddings (Su et al., 2021) in the half-split layout of Hugging Face's LLaMA.</summary>
internal static class Rotary
{
    /// <summary>The angle per position of each pair of numbers, <c>[head_dim / 2]</c> in float32.</summary>
    public static float[] Frequencies(DecoderConfig config)
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

    /// <summary>Rotates <c>[batch, sequence, heads, head_dim]</c>.</summary>
    public static Tensor Apply(Tensor x, Tensor cos, Tensor sin)
    {
        var halves = x.chunk(2, -1);
        var (c, s) = (cos.to_type(x.dtype), sin.to_type(x.dtype));
        return torch.cat([(halves[0] * c) - (halves[1] * s), (halves[1] * c) + (halves[0] * s)], -1);
    }

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
