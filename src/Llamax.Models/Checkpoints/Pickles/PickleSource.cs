using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>
/// A part of a file, read forward. It holds the bound of the memory that what is read from it may take: a pickle can ask
/// for far more than its own length.
/// </summary>
internal sealed class PickleSource(string file, SafeFileHandle handle, long start, long end)
{
    /// <summary>Bytes of memory for each byte of the file, and in any case.</summary>
    private const long MemoryFactor = 12, MemoryFloor = 1 << 19;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly byte[] buffer = new byte[(int)Math.Min(1 << 16, Math.Max(16, end - start))];
    private readonly long bound = MemoryFloor + (MemoryFactor * RandomAccess.GetLength(handle));
    private long charged;
    private long bufferStart = start;
    private int next, filled;

    /// <summary>The place of the next byte in the file.</summary>
    public long Position => bufferStart + next;

    public string File => file;

    /// <summary>Bytes that are left.</summary>
    public long Left => end - Position;

    /// <summary>Takes note of memory that is going to be taken.</summary>
    /// <exception cref="LlamaxException">It is more than a file of this size needs.</exception>
    public void Charge(long bytes)
    {
        charged += bytes;
        if (charged > bound)
        {
            throw Refused($"it asks for more than {bound:N0} bytes of memory, which no checkpoint of its size needs");
        }
    }

    public byte Byte()
    {
        Require(1);
        return buffer[next++];
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    /// <summary>The next bytes, valid until the next call; at most 65,536.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        Require(count);
        next += count;
        return buffer.AsSpan(next - count, count);
    }

    /// <summary>Text of so many bytes.</summary>
    public string Text(long count, Encoding? encoding = null)
    {
        if (count < 0 || count > Left)
        {
            throw Refused($"a text would have {count:N0} bytes, but {Left:N0} are left");
        }

        Charge(40 + (3 * count));
        try
        {
            if (count <= buffer.Length)
            {
                return (encoding ?? Strict).GetString(Bytes((int)count));
            }

            var bytes = new byte[checked((int)count)];
            for (var done = 0; done < bytes.Length;)
            {
                var part = Math.Min(buffer.Length, bytes.Length - done);
                Bytes(part).CopyTo(bytes.AsSpan(done));
                done += part;
            }

            return (encoding ?? Strict).GetString(bytes);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw Refused("a text is not UTF-8");
        }
    }

    /// <summary>The text up to the end of the line.</summary>
    public string Line()
    {
        const int longest = 512;
        var line = new StringBuilder();
        for (var read = Byte(); read != '\n'; read = Byte())
        {
            if (line.Length == longest || read is < 0x20 or > 0x7E)
            {
                throw Refused("a name is longer than any, or no name");
            }

            line.Append((char)read);
        }

        Charge(100 + (4 * line.Length));
        return line.ToString();
    }

    public void Skip(long count)
    {
        if (count < 0 || count > Left)
        {
            throw Refused($"{count:N0} bytes are promised, but {Left:N0} are left");
        }

        var within = (int)Math.Min(count, filled - next);
        next += within;
        if (within < count)
        {
            (bufferStart, next, filled) = (Position + count - within, 0, 0);
        }
    }

    public LlamaxException Refused(string what) => Refused(file, $"{what} (byte {Position:N0})");

    public static LlamaxException Refused(string file, string what) => new(
        $"{file}: refused: {what}. Pickle files are read without executing anything, and only what tensors need is known. Convert the file where you "
        + "trust it: in Python, safetensors.torch.save_file(torch.load(FILE, weights_only=True), 'model.safetensors').");

    private void Require(int count)
    {
        if (filled - next >= count)
        {
            return;
        }

        if (count > Left)
        {
            throw Refused("the file is cut off");
        }

        buffer.AsSpan(next, filled - next).CopyTo(buffer);
        (bufferStart, filled, next) = (Position, filled - next, 0);
        while (filled < count)
        {
            var room = (int)Math.Min(buffer.Length - filled, end - bufferStart - filled);
            var read = RandomAccess.Read(handle, buffer.AsSpan(filled, room), bufferStart + filled);
            filled += read > 0 ? read : throw Refused("the file is cut off");
        }
    }
}
