using Llamax.Models.Safetensors;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>Finds the tensors of a checkpoint's value and checks each against its storage, and that against the file.</summary>
internal static class PickledTensors
{
    /// <summary>Views of the same bytes may together be so many times as long as the file.</summary>
    private const long ViewFactor = 16;

    /// <summary>The tensors of the state dictionary.</summary>
    /// <param name="source">Where the value was read from.</param>
    /// <param name="fileLength">The file's bytes.</param>
    /// <param name="value">What its pickle holds: the dictionary, or one with it under <c>state_dict</c> (Lightning) or <c>model</c> (fairseq).</param>
    /// <param name="locate">Where a storage's bytes start, and how many there are.</param>
    /// <exception cref="LlamaxException">There are none, or one does not lie within its storage.</exception>
    public static List<TensorEntry> Entries(PickleSource source, long fileLength, object? value, Func<PickledStorage, (long Offset, long Length)> locate)
    {
        var file = source.File;
        if (value is not PickledDictionary root)
        {
            throw new LlamaxException($"{file}: a checkpoint with a dictionary of tensors was expected; this one holds something else.");
        }

        var state = Under("state_dict") ?? Under("model") ?? root;
        var tensors = new Dictionary<string, PickledTensor>(StringComparer.Ordinal);
        foreach (var (key, item) in state.Items)
        {
            if (key is string name && item is PickledTensor tensor)
            {
                source.Charge(500);
                tensors[name] = tensor;
            }
        }

        if (tensors.Count == 0)
        {
            var keys = string.Join(", ", root.Items.Select(item => item.Key).OfType<string>().Take(10));
            throw new LlamaxException($"{file}: there are no tensors in it, neither at its top nor under 'state_dict' or 'model'; its keys are: {keys}.");
        }

        return Checked(file, fileLength, [.. tensors.Select(tensor => Entry(file, tensor.Key, tensor.Value, locate))]);

        PickledDictionary? Under(string wanted) => root.Items.FindLast(item => item.Key is string key && key == wanted).Value as PickledDictionary;
    }

    /// <summary>How many bytes a storage takes.</summary>
    /// <exception cref="LlamaxException">More than there can be.</exception>
    public static long ByteLength(string file, PickledStorage storage) =>
        Product(storage.Count, SafetensorsTypes.Size(storage.Type)) ?? throw PickleSource.Refused(file, $"the storage '{storage.Key}' of {storage.Count:N0} numbers");

    private static TensorEntry Entry(string file, string name, PickledTensor tensor, Func<PickledStorage, (long Offset, long Length)> locate)
    {
        var storage = tensor.Storage;
        var (start, length) = locate(storage);
        if (ByteLength(file, storage) != length)
        {
            throw PickleSource.Refused(file, $"the storage '{storage.Key}' of {storage.Count:N0} numbers of type {storage.Type} takes {length:N0} bytes in the file");
        }

        if (tensor.Type != storage.Type && storage.Type != ScalarType.Byte)
        {
            throw PickleSource.Refused(file, $"'{name}' of type {tensor.Type} in a storage of type {storage.Type}");
        }

        var size = SafetensorsTypes.Size(tensor.Type);
        var storageSize = SafetensorsTypes.Size(storage.Type);
        var room = storage.PartCount * storageSize / size;
        if (Count(tensor) is not { } count || count > room || tensor.Offset < 0 || Extent(tensor, count) is not { } extent
            || extent > room || tensor.Offset > room - extent)
        {
            throw PickleSource.Refused(file, $"'{name}' of shape [{string.Join(", ", tensor.Shape)}] and strides [{string.Join(", ", tensor.Strides)}] "
                + $"from number {tensor.Offset:N0} on does not lie within its storage of {room:N0} numbers");
        }

        return new TensorEntry(name, tensor.Type, tensor.Shape, start + (storage.Start * storageSize) + (tensor.Offset * size), count * size)
        {
            Strides = IsContiguous(tensor, count) ? null : tensor.Strides,
        };
    }

    private static List<TensorEntry> Checked(string file, long fileLength, List<TensorEntry> entries)
    {
        var bytes = (Int128)0;
        foreach (var group in entries.GroupBy(entry => (entry.Offset, entry.Length)))
        {
            bytes += group.Key.Length * (Int128)group.Select(entry => entry.Strides).Distinct(StrideComparer.Instance).Count();
        }

        return bytes <= ViewFactor * (Int128)fileLength ? entries
            : throw PickleSource.Refused(file, $"its tensors would take {bytes:N0} bytes, which are all views of the same {fileLength:N0}");
    }

    private static long? Count(PickledTensor tensor)
    {
        if (tensor.Shape.Length != tensor.Strides.Length)
        {
            return null;
        }

        if (tensor.Shape.Contains(0))
        {
            return tensor.Shape.All(dimension => dimension >= 0) ? 0 : null;
        }

        long? count = 1;
        foreach (var dimension in tensor.Shape)
        {
            count = count is { } known && dimension > 0 ? Product(known, dimension) : null;
        }

        return count;
    }

    /// <summary>Numbers from the first to the last one.</summary>
    private static long? Extent(PickledTensor tensor, long count)
    {
        if (count == 0)
        {
            return 0;
        }

        var extent = (Int128)1;
        for (var i = 0; i < tensor.Shape.Length; i++)
        {
            if (tensor.Strides[i] < 0)
            {
                return null;
            }

            extent += (tensor.Shape[i] - 1) * (Int128)tensor.Strides[i];
        }

        return extent <= long.MaxValue ? (long)extent : null;
    }

    private static bool IsContiguous(PickledTensor tensor, long count)
    {
        var expected = 1L;
        for (var i = tensor.Shape.Length - 1; i >= 0 && count > 0; i--)
        {
            if (tensor.Shape[i] != 1 && tensor.Strides[i] != expected)
            {
                return false;
            }

            expected *= tensor.Shape[i];
        }

        return true;
    }

    private static long? Product(long a, long b) => Math.BigMul(a, b, out var low) == 0 && low >= 0 ? low : null;

    private sealed class StrideComparer : IEqualityComparer<IReadOnlyList<long>?>
    {
        public static readonly StrideComparer Instance = new();

        public bool Equals(IReadOnlyList<long>? x, IReadOnlyList<long>? y) =>
            x is null || y is null ? x is null && y is null : x.SequenceEqual(y);

        public int GetHashCode(IReadOnlyList<long>? obj) => obj is null ? 0 : obj.Aggregate(17, HashCode.Combine);
    }
}
