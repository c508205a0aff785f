using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models.Safetensors;

/// <summary>
/// A safetensors file, memory-mapped: opening reads only the header; each tensor is copied from the page cache straight
/// into place. The whole header is checked when the file is opened. Thread-safe for reading.
/// </summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>Numbers converted at once where the stored type differs from the wanted one: bounds the memory taken.</summary>
    private const long ConversionChunk = 1 << 22;

    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly Dictionary<string, SafetensorsEntry> entries;
    private readonly byte* start;

    private SafetensorsFile(string path, MemoryMappedFile map, MemoryMappedViewAccessor view, byte* start,
        IReadOnlyList<SafetensorsEntry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        (Path, this.map, this.view, Tensors, Metadata) = (path, map, view, tensors, metadata);
        this.start = start;
        entries = tensors.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's name.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>What the header says of the file as a whole.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens the file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LlamaxException">It is missing, cut off, or breaks a rule of the format.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            var length = stream.Length;
            var (tensors, metadata) = ReadHeader(path, stream, length);
            var mapped = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            var window = mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            window.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            return new SafetensorsFile(path, mapped, window, pointer + window.PointerOffset, tensors, metadata);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new LlamaxException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The entry of that name, or null.</summary>
    /// <param name="name">The tensor's name.</param>
    public SafetensorsEntry? Find(string name) => entries.GetValueOrDefault(name);

    /// <summary>Copies a tensor into <paramref name="target"/>, converting the number type where it differs.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="target">Same shape, contiguous, any device.</param>
    /// <exception cref="LlamaxException">There is no such tensor, or its shape differs.</exception>
    public void CopyTo(string name, Tensor target)
    {
        var entry = Check(name, target.shape);
        using var grad = torch.no_grad();
        using var flat = target.view(-1);
        var size = SafetensorsTypes.Size(entry.Type);
        var count = entry.Length / size;
        for (var done = 0L; done < count; done += ConversionChunk)
        {
            var part = Math.Min(ConversionChunk, count - done);
            using var slice = flat.narrow(0, done, part);
            var bytes = new ReadOnlySpan<byte>(start + entry.Offset + (done * size), (int)(part * size));
            if (target.dtype == entry.Type && target.device_type == DeviceType.CPU)
            {
                bytes.CopyTo(slice.bytes);
            }
            else
            {
                using var stored = torch.empty([part], entry.Type);
                bytes.CopyTo(stored.bytes);
                slice.copy_(stored);
            }
        }
    }

    /// <summary>Some of a tensor's bytes as they are stored; valid until the file is disposed.</summary>
    /// <param name="entry">One of this file's tensors.</param>
    /// <param name="offset">First byte, counted from the tensor's first.</param>
    /// <param name="count">How many.</param>
    internal ReadOnlySpan<byte> Bytes(SafetensorsEntry entry, long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + count, entry.Length, nameof(count));
        return new ReadOnlySpan<byte>(start + entry.Offset + offset, count);
    }

    /// <summary>The entry of that name where it has that shape.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">The expected dimensions.</param>
    /// <exception cref="LlamaxException">There is no such tensor, or its shape differs.</exception>
    public SafetensorsEntry Check(string name, IReadOnlyList<long> shape)
    {
        var entry = Entry(name);
        return shape.SequenceEqual(entry.Shape)
            ? entry
            : throw new LlamaxException(
                $"{Path}: '{name}' has shape [{string.Join(", ", entry.Shape)}], expected is [{string.Join(", ", shape)}].");
    }

    /// <summary>A new tensor with that content.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">The wanted number type; as stored where null.</param>
    /// <exception cref="LlamaxException">There is no such tensor.</exception>
    public Tensor Read(string name, ScalarType? type = null)
    {
        var entry = Entry(name);
        var tensor = torch.empty([.. entry.Shape], type ?? entry.Type);
        CopyTo(name, tensor);
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }

    private SafetensorsEntry Entry(string name) =>
        Find(name) ?? throw new LlamaxException($"{Path}: there is no tensor '{name}'.");

    private static (IReadOnlyList<SafetensorsEntry>, IReadOnlyDictionary<string, string>) ReadHeader(
        string path, FileStream stream, long length)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (length < 8)
        {
            throw SafetensorsHeader.Broken(path, $"it has only {length} bytes");
        }

        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.MaximalLength)
        {
            throw SafetensorsHeader.Broken(path, $"its header would be {headerLength:N0} bytes long, at most {SafetensorsHeader.MaximalLength:N0} are allowed");
        }

        if ((long)headerLength > length - 8)
        {
            throw SafetensorsHeader.Broken(path, $"it is cut off: its header is {headerLength:N0} bytes long, the file {length:N0}");
        }

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        return SafetensorsHeader.Parse(path, header, 8 + (long)headerLength, length);
    }
}
