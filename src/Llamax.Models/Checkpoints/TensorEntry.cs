using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints;

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Its dimensions, outermost first; empty for a single number.</param>
/// <param name="Offset">Where its first number lies, in bytes from the start of the file.</param>
/// <param name="Length">How many bytes its numbers take.</param>
public sealed record TensorEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>
    /// Where the numbers do not follow each other in the file: how many numbers lie from one index of a dimension to the
    /// next. Otherwise null.
    /// </summary>
    public IReadOnlyList<long>? Strides { get; init; }

    /// <summary>The dimensions as messages show them.</summary>
    internal string ShapeText => $"[{string.Join(", ", Shape)}]";
}
