using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Llamax.Models.Checkpoints;
using Llamax.Text.Files;
using static TorchSharp.torch;

namespace Llamax.Models.Safetensors;

/// <summary>
/// Writes safetensors files; the same tensors give the same bytes. As the reference library does, tensors stand by
/// descending size of their number type, then by name, and the header is padded with spaces to a multiple of eight.
/// </summary>
public static class SafetensorsWriter
{
    private const long CopyChunk = 1 << 24;

    /// <summary>Writes one file, whole or not at all.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">Names and tensors, any device and strides.</param>
    /// <param name="metadata">What the header says of the file as a whole; <c>format: pt</c> where null, nothing where empty.</param>
    public static void Write(
        string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = tensors
            .OrderByDescending(tensor => SafetensorsTypes.Size(tensor.Value.dtype))
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToList();
        var header = Header(
            [.. sorted.Select(tensor => new TensorEntry(tensor.Name, tensor.Value.dtype, tensor.Value.shape, 0, ByteLength(tensor.Value)))],
            metadata ?? new Dictionary<string, string> { ["format"] = "pt" });
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var (_, value) in sorted)
            {
                WriteBytes(stream, value);
            }
        });
    }

    /// <summary>How many bytes the numbers of a tensor take.</summary>
    /// <param name="tensor">Any tensor of a type that the format knows.</param>
    public static long ByteLength(Tensor tensor) => tensor.NumberOfElements * SafetensorsTypes.Size(tensor.dtype);

    /// <summary>The bytes before the tensors'.</summary>
    /// <param name="tensors">The tensors in the order of their bytes; where they lie is worked out from their lengths.</param>
    /// <param name="metadata">What is said of the file as a whole.</param>
    internal static byte[] Header(IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Advance(Reserve(buffer, 8));
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            var offset = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsTypes.Name(tensor.Type));
                json.WriteStartArray("shape");
                foreach (var dimension in tensor.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        var padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        var header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    private static int Reserve(ArrayBufferWriter<byte> buffer, int count)
    {
        buffer.GetSpan(count)[..count].Clear();
        return count;
    }

    private static void WriteBytes(Stream stream, Tensor value)
    {
        using var grad = no_grad();
        using var contiguous = value.detach().contiguous();
        using var flat = contiguous.view(-1);
        for (var done = 0L; done < flat.NumberOfElements; done += CopyChunk)
        {
            using var slice = flat.narrow(0, done, Math.Min(CopyChunk, flat.NumberOfElements - done));
            using var local = slice.cpu();
            stream.Write(local.bytes);
        }
    }
}
