using Llamax.Models.Safetensors;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints;

/// <summary>
/// A file of named tensors, whatever its format. Opening it reads only what describes the tensors, and checks all of it;
/// a tensor's bytes go from the system's file cache straight into place. Thread-safe for reading.
/// </summary>
public sealed class TensorFile : IDisposable
{
    /// <summary>Bytes read at once.</summary>
    private const int ReadChunk = 1 << 24;

    /// <summary>Numbers converted at once: torch leaves a copy of this size to the calling thread.</summary>
    private const int ConversionChunk = 1 << 15;

    /// <summary>The same for other devices, where each copy costs a transfer.</summary>
    private const int TransferChunk = 1 << 22;

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly SafeFileHandle handle;
    private readonly Dictionary<string, TensorEntry> entries;
    private readonly Lock wholeTensor = new();

    internal TensorFile(
        string path, SafeFileHandle handle, IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        (Path, this.handle, Tensors, Metadata, IsSafetensors) = (path, handle, tensors, metadata ?? Nothing, metadata is not null);
        entries = tensors.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's name.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order that the format gives them.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>What a safetensors header says of the file as a whole.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether the format is safetensors.</summary>
    internal bool IsSafetensors { get; }

    /// <summary>The same file with other names, or some of its tensors only; it is disposed of in place of this one.</summary>
    internal TensorFile With(IReadOnlyList<TensorEntry> tensors) => new(Path, handle, tensors, IsSafetensors ? Metadata : null);

    /// <summary>The entry of that name, or null.</summary>
    /// <param name="name">The tensor's name.</param>
    public TensorEntry? Find(string name) => entries.GetValueOrDefault(name);

    /// <summary>The entry of that name where it has that shape.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">The expected dimensions.</param>
    /// <exception cref="LlamaxException">There is no such tensor, or its shape differs.</exception>
    public TensorEntry Check(string name, IReadOnlyList<long> shape)
    {
        var entry = Entry(name);
        return shape.SequenceEqual(entry.Shape)
            ? entry
            : throw new LlamaxException($"{Path}: '{name}' has shape {entry.ShapeText}, expected is [{string.Join(", ", shape)}].");
    }

    /// <summary>Copies a tensor into <paramref name="target"/>, converting the number type where it differs.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="target">Same shape, any device and strides.</param>
    /// <exception cref="LlamaxException">There is no such tensor, its shape differs, or the file cannot be read.</exception>
    public void CopyTo(string name, Tensor target)
    {
        var entry = Check(name, target.shape);
        using var grad = no_grad();
        if (entry.Strides is null && target.is_contiguous())
        {
            using var flat = target.view(-1);
            CopyStraight(entry, flat);
            return;
        }

        lock (wholeTensor) // So that one such tensor at a time takes memory.
        {
            using var whole = entry.Strides is null ? Straight(entry) : Gathered(entry, entry.Strides);
            target.copy_(whole);
        }
    }

    /// <summary>A new tensor with that content.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">The wanted number type; as stored where null.</param>
    /// <exception cref="LlamaxException">There is no such tensor, or the file cannot be read.</exception>
    public Tensor Read(string name, ScalarType? type = null)
    {
        var entry = Entry(name);
        var tensor = empty([.. entry.Shape], type ?? entry.Type);
        CopyTo(name, tensor);
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    /// <summary>Some of a tensor's bytes as they are stored.</summary>
    /// <param name="entry">One of this file's tensors.</param>
    /// <param name="offset">First byte, counted from the tensor's first.</param>
    /// <param name="bytes">Receives them.</param>
    /// <exception cref="LlamaxException">Its numbers do not follow each other, or the file cannot be read.</exception>
    internal void ReadBytes(TensorEntry entry, long offset, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + bytes.Length, entry.Length, nameof(offset));
        if (entry.Strides is not null)
        {
            throw new LlamaxException($"{Path}: '{entry.Name}' is stored as a view. Run `llamax model convert` first.");
        }

        Fill(bytes, entry.Offset + offset);
    }

    private void CopyStraight(TensorEntry entry, Tensor flat)
    {
        var size = SafetensorsTypes.Size(entry.Type);
        var count = entry.Length / size;
        var here = flat.device_type == DeviceType.CPU;
        var same = here && flat.dtype == entry.Type;
        var chunk = same ? ReadChunk / size : here ? ConversionChunk : TransferChunk;
        using var buffer = same ? null : empty([Math.Min(chunk, count)], entry.Type);
        for (var done = 0L; done < count; done += chunk)
        {
            var part = Math.Min(chunk, count - done);
            using var slice = flat.narrow(0, done, part);
            if (buffer is null)
            {
                Fill(slice.bytes, entry.Offset + (done * size));
                continue;
            }

            using var stored = buffer.narrow(0, 0, part);
            Fill(stored.bytes, entry.Offset + (done * size));
            slice.copy_(stored);
        }
    }

    private Tensor Straight(TensorEntry entry)
    {
        using var flat = empty([entry.Length / SafetensorsTypes.Size(entry.Type)], entry.Type);
        CopyStraight(entry, flat);
        return flat.view([.. entry.Shape]);
    }

    /// <summary>A view into all that lies between the first and the last number of a tensor.</summary>
    private Tensor Gathered(TensorEntry entry, IReadOnlyList<long> strides)
    {
        var size = SafetensorsTypes.Size(entry.Type);
        var extent = entry.Length == 0 ? 0 : 1 + entry.Shape.Select((dimension, i) => (dimension - 1) * strides[i]).Sum();
        using var flat = empty([extent], entry.Type);
        CopyStraight(entry with { Shape = [extent], Length = extent * size, Strides = null }, flat);
        return flat.as_strided([.. entry.Shape], [.. strides]);
    }

    private void Fill(Span<byte> bytes, long offset)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var read = RandomAccess.Read(handle, bytes, offset);
                if (read == 0)
                {
                    throw new LlamaxException($"{Path}: has become shorter while it was read. Download or write it again.");
                }

                bytes = bytes[read..];
                offset += read;
            }
        }
        catch (IOException exception)
        {
            throw new LlamaxException($"{Path}: cannot be read: {exception.Message}", exception);
        }
    }

    private TensorEntry Entry(string name) =>
        Find(name) ?? throw new LlamaxException($"{Path}: there is no tensor '{name}'.");
}
