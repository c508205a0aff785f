using Llamax.Models.Safetensors;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Converting;

/// <summary>A tensor on its way.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Source">As it is there.</param>
/// <param name="Type">The number type to be written.</param>
/// <param name="Rows">Where its rows are those of the vocabulary: how many to write. Otherwise null.</param>
internal sealed record PlannedTensor(TensorFile File, TensorEntry Source, ScalarType Type, int? Rows)
{
    public string Name => Source.Name;

    /// <summary>The dimension that the vocabulary's entries stand along: the first, or that behind a first of one.</summary>
    public int RowDimension => Source.Shape is [1, _] ? 1 : 0;

    public IReadOnlyList<long> Shape => Rows is { } rows ? [.. Source.Shape.Select((size, i) => i == RowDimension ? rows : size)] : Source.Shape;

    public long Length => Shape.Aggregate(1L, (product, size) => checked(product * size)) * SafetensorsTypes.Size(Type);

    public TensorEntry Target => new(Name, Type, Shape, 0, Length);
}
