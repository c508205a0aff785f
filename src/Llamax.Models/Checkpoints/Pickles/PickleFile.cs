using System.Numerics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>
/// Opens PyTorch's checkpoints: the zip archive of version 1.6 and later (<c>torch/serialization.py</c>: a pickle, and a
/// record for each storage), and the older one, a row of pickles followed by the storages.
/// </summary>
public static class PickleFile
{
    private const int FormatVersion = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("01950A86A20F9469CFC6C", System.Globalization.NumberStyles.HexNumber);

    /// <summary>Opens a checkpoint and checks all that describes its tensors; nothing in it is executed.</summary>
    /// <param name="path">A <c>.bin</c>, <c>.pt</c> or Lightning's <c>.ckpt</c>.</param>
    /// <exception cref="LlamaxException">It is missing or broken, or holds what no tensor needs.</exception>
    public static TensorFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var start = new byte[4];
            var isZip = RandomAccess.Read(handle, start, 0) == 4 && start.AsSpan().SequenceEqual("PK\x03\x04"u8);
            return new TensorFile(path, handle, isZip ? Archive(path, handle) : Row(path, handle));
        }
        catch (Exception exception)
        {
            handle?.Dispose();
            if (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new LlamaxException($"{path}: cannot be read: {exception.Message}", exception);
            }

            throw;
        }
    }

    private static List<TensorEntry> Archive(string path, SafeFileHandle handle)
    {
        var records = ZipDirectory.Read(path, handle);
        var pickles = records.Values.Where(record => record.Name.EndsWith("/data.pkl", StringComparison.Ordinal) && record.Name.Count(c => c == '/') == 1).ToList();
        if (pickles is not [var pickle])
        {
            throw new LlamaxException($"{path}: not a PyTorch checkpoint: the archive has {pickles.Count} records 'NAME/data.pkl', expected is one.");
        }

        var root = pickle.Name[..^"data.pkl".Length];
        CheckByteOrder(path, handle, records.GetValueOrDefault(root + "byteorder"));
        var source = new PickleSource(path, handle, pickle.Offset, pickle.Offset + pickle.Length);
        var value = new PickleMachine(source).Run();
        return PickledTensors.Entries(source, RandomAccess.GetLength(handle), value, storage =>
        {
            var record = records.GetValueOrDefault($"{root}data/{storage.Key}")
                ?? throw PickleSource.Refused(path, $"the storage '{storage.Key}' has no record in the archive");
            return (record.Offset, record.Length);
        });
    }

    private static void CheckByteOrder(string path, SafeFileHandle handle, ZipRecord? record)
    {
        if (record is { Length: < 16 })
        {
            var source = new PickleSource(path, handle, record.Offset, record.Offset + record.Length);
            if (source.Text(record.Length, Encoding.Latin1).Trim() is not "little" and var order)
            {
                throw PickleSource.Refused(path, $"the byte order '{order}', where 'little' is known");
            }
        }
    }

    private static List<TensorEntry> Row(string path, SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        var source = new PickleSource(path, handle, 0, length);
        if (source.Left < 2 || source.Bytes(2)[0] != 0x80)
        {
            throw new LlamaxException($"{path}: neither safetensors nor a PyTorch checkpoint.");
        }

        if (new PickleMachine(source).Run() is not BigInteger magic || magic != Magic
            || new PickleMachine(source).Run() is not (long)FormatVersion
            || new PickleMachine(source).Run() is not PickledDictionary machine)
        {
            throw new LlamaxException($"{path}: a pickle, but no PyTorch checkpoint of version {FormatVersion}.");
        }

        if (!machine.Items.Contains(("little_endian", true)))
        {
            throw PickleSource.Refused(path, "the byte order of a machine that is not little endian");
        }

        var pickle = new PickleMachine(source);
        var value = pickle.Run();
        var keys = new PickleMachine(source).Run() as List<object?> ?? throw PickleSource.Refused(path, "a list of storages that is none");
        var places = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        foreach (var item in keys)
        {
            if (item is not string key || !pickle.Storages.TryGetValue(key, out var storage))
            {
                throw PickleSource.Refused(path, $"the storage '{item as string}', whose type is stated nowhere");
            }

            var bytes = PickledTensors.ByteLength(path, storage);
            if (source.Int64() != storage.Count)
            {
                throw PickleSource.Refused(path, $"the storage '{key}', which has another length than its tensors say");
            }

            source.Charge(120);
            places[key] = (source.Position, bytes);
            source.Skip(bytes);
        }

        return PickledTensors.Entries(source, length, value, storage => places.TryGetValue(storage.Key, out var place)
            ? place : throw PickleSource.Refused(path, $"the storage '{storage.Key}' is not in the file"));
    }
}
