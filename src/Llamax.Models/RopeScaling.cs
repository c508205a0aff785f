namespace Llamax.Models;

/// <summary>LLaMA 3.1's stretching of the rotary frequencies (<c>rope_type: llama3</c>).</summary>
/// <param name="Factor">By how much low frequencies are divided.</param>
/// <param name="LowFrequencyFactor">Wavelengths above the original length divided by this are stretched whole.</param>
/// <param name="HighFrequencyFactor">Wavelengths below the original length divided by this are kept.</param>
/// <param name="OriginalMaxPositions">The context length before stretching, in tokens.</param>
public sealed record RopeScaling(
    double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions);
