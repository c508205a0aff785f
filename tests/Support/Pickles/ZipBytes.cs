using System.Buffers.Binary;
using System.Text;

namespace Llamax.Testing.Pickles;

/// <summary>Writes zip archives as PyTorch does, and others.</summary>
internal sealed class ZipBytes
{
    private readonly MemoryStream stream = new();
    private readonly List<(string Name, long Header, long Length)> records = [];

    public static byte[] Checkpoint(byte[] pickle, params (string Key, byte[] Bytes)[] storages)
    {
        var zip = new ZipBytes().Add("model/data.pkl", pickle);
        foreach (var (key, bytes) in storages)
        {
            zip.Add($"model/data/{key}", bytes);
        }

        return zip.Add("model/byteorder", "little"u8.ToArray()).Add("model/version", "3\n"u8.ToArray()).Done();
    }

    public ZipBytes Add(string name, byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(name);
        records.Add((name, stream.Length, bytes.Length));
        Write(0x04034B50u, (ushort)0, (ushort)0x808, (ushort)0, 0u, 0u, 0u, 0u, (ushort)text.Length, (ushort)0);
        stream.Write(text);
        stream.Write(bytes);
        return this;
    }

    /// <summary>An entry of the directory for bytes that are there already.</summary>
    public ZipBytes AddAgain(string name, long header, long length)
    {
        records.Add((name, header, length));
        return this;
    }

    public byte[] Done(bool zip64 = false, ushort method = 0)
    {
        var start = stream.Length;
        foreach (var (name, header, length) in records)
        {
            var text = Encoding.UTF8.GetBytes(name);
            var (small, place) = zip64 ? (uint.MaxValue, uint.MaxValue) : ((uint)length, (uint)header);
            Write(0x02014B50u, (ushort)0, (ushort)0, (ushort)0x808, method, 0u, 0u, small, small, (ushort)text.Length, (ushort)(zip64 ? 28 : 0));
            Write((ushort)0, (ushort)0, (ushort)0, 0u, place);
            stream.Write(text);
            if (zip64)
            {
                Write((ushort)1, (ushort)24, length, length, header);
            }
        }

        var end = stream.Length;
        if (zip64)
        {
            Write(0x06064B50u, 44L, (ushort)45, (ushort)45, 0u, 0u, (long)records.Count, (long)records.Count, end - start, start);
            Write(0x07064B50u, 0u, end, 1u);
        }

        var (count, size, directory) = zip64 ? (ushort.MaxValue, uint.MaxValue, uint.MaxValue) : ((ushort)records.Count, (uint)(end - start), (uint)start);
        Write(0x06054B50u, (ushort)0, (ushort)0, count, count, size, directory, (ushort)0);
        return stream.ToArray();
    }

    private void Write(params object[] values)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in values)
        {
            switch (value)
            {
                case ushort number: BinaryPrimitives.WriteUInt16LittleEndian(bytes, number); stream.Write(bytes[..2]); break;
                case uint number: BinaryPrimitives.WriteUInt32LittleEndian(bytes, number); stream.Write(bytes[..4]); break;
                default: BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)value); stream.Write(bytes); break;
            }
        }
    }
}
