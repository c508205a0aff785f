using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Models.Layers;

/// <summary>Sinusoidal positions (Vaswani et al., 2017) as fairseq lays them out: all sines, then all cosines.</summary>
internal static class Sinusoid
{
    private const double LongestWave = 10_000;

    /// <summary>The angle per position of each sine, <c>[hidden / 2]</c> in float32.</summary>
    public static float[] Frequencies(int hidden)
    {
        var frequencies = new float[hidden / 2];
        var step = (float)-(Math.Log(LongestWave) / (frequencies.Length - 1));
        for (var i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] = MathF.Exp(i * step);
        }

        return frequencies;
    }

    /// <summary>The rows of positions, <c>[batch|1, sequence, hidden]</c> in float32.</summary>
    public static Tensor Rows(Tensor positions, Tensor frequencies, int hidden)
    {
        var angles = positions.to_type(ScalarType.Float32).unsqueeze(-1) * frequencies;
        var rows = cat([angles.sin(), angles.cos()], -1);
        return hidden % 2 == 0 ? rows : F.pad(rows, [0, 1]);
    }
}
