using System.Buffers.Binary;
using Llamax.Models.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace Llamax.Models.Safetensors;

/// <summary>Opens safetensors files.</summary>
public static class SafetensorsFile
{
    /// <summary>Opens the file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LlamaxException">It is missing, cut off, or breaks a rule of the format.</exception>
    public static TensorFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var (tensors, metadata) = ReadHeader(path, handle);
            return new TensorFile(path, handle, tensors, metadata);
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

    private static (IReadOnlyList<TensorEntry>, IReadOnlyDictionary<string, string>) ReadHeader(string path, SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        if (length < 8)
        {
            throw SafetensorsHeader.Broken(path, $"it has only {length} bytes");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(Read(path, handle, 0, 8));
        if (headerLength > SafetensorsHeader.MaximalLength)
        {
            throw SafetensorsHeader.Broken(path, $"its header would be {headerLength:N0} bytes long, at most {SafetensorsHeader.MaximalLength:N0} are allowed");
        }

        if ((long)headerLength > length - 8)
        {
            throw SafetensorsHeader.Broken(path, $"it is cut off: its header is {headerLength:N0} bytes long, the file {length:N0}");
        }

        return SafetensorsHeader.Parse(path, Read(path, handle, 8, (int)headerLength), 8 + (long)headerLength, length);
    }

    private static byte[] Read(string path, SafeFileHandle handle, long offset, int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(handle, bytes.AsSpan(done), offset + done);
            done += read > 0 ? read : throw SafetensorsHeader.Broken(path, "it has become shorter while it was read");
        }

        return bytes;
    }
}
