using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>What a global that may be called stands for.</summary>
internal enum PickleFunction
{
    OrderedDictionary,
    Size,
    RebuildTensor,
    RebuildTypedTensor,
    RebuildParameter,
}

/// <summary>A class of storages, by the type of their numbers.</summary>
internal sealed record StorageClass(ScalarType Type);

/// <summary>A number type.</summary>
internal sealed record NumberType(ScalarType Type);

/// <summary>A known harmless thing that no tensor needs: whatever is done to it gives itself.</summary>
internal sealed record Inert
{
    public static readonly Inert Value = new();
}

/// <summary>A dictionary; keys may be anything, and a later one replaces an equal one before it.</summary>
internal sealed record PickledDictionary
{
    public List<(object? Key, object? Value)> Items { get; } = [];
}

/// <summary>A storage, or a part of one.</summary>
/// <param name="Key">Which.</param>
/// <param name="Type">Type of its numbers.</param>
/// <param name="Count">How many numbers the whole storage has.</param>
/// <param name="Start">The first number of the part.</param>
/// <param name="PartCount">How many numbers the part has.</param>
internal sealed record PickledStorage(string Key, ScalarType Type, long Count, long Start, long PartCount);

/// <summary>A view into a storage, not checked.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Type">Type of the view's numbers; another than the storage's where that is untyped.</param>
/// <param name="Offset">The first number.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="Strides">Numbers from one index of a dimension to the next.</param>
internal sealed record PickledTensor(PickledStorage Storage, ScalarType Type, long Offset, long[] Shape, long[] Strides);
