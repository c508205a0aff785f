using TorchSharp.Modules;

namespace Llamax.Training.Optimization;

/// <summary>Where a parameter lies in the flat memory.</summary>
/// <param name="Name">The parameter's name in the model.</param>
/// <param name="Parameter">The parameter itself.</param>
/// <param name="Offset">Index of its first number.</param>
/// <param name="Length">How many numbers it has.</param>
internal sealed record ParameterSegment(string Name, Parameter Parameter, long Offset, long Length);
