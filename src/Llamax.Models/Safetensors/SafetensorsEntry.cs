using static TorchSharp.torch;

namespace Llamax.Models.Safetensors;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a single number.</param>
/// <param name="Offset">Where its bytes start, counted from the start of the file.</param>
/// <param name="Length">How many bytes it has.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Length);
