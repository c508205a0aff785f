using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Llamax.Models.Checkpoints.Pickles;

/// <summary>
/// The records of a zip archive as PyTorch writes it: uncompressed, without a password, in one file, zip64 where it is
/// large. Each is checked to lie within the file and not to overlap another. Format: PKWARE's APPNOTE.TXT.
/// </summary>
internal static class ZipDirectory
{
    private const uint LocalHeader = 0x04034B50, CentralHeader = 0x02014B50, End = 0x06054B50, End64 = 0x06064B50, Locator64 = 0x07064B50;
    private const int LocalLength = 30, CentralLength = 46, EndLength = 22, End64Length = 56, LocatorLength = 20;
    private const int LongestComment = 1 << 16;

    /// <summary>Reads the directory.</summary>
    /// <returns>The records by name.</returns>
    /// <exception cref="LlamaxException">It is broken, or a record is compressed, overlaps, or has a name that leads elsewhere.</exception>
    public static Dictionary<string, ZipRecord> Read(string file, SafeFileHandle handle)
    {
        var (start, length, count) = Locate(file, handle);
        if (length > int.MaxValue || count > length / CentralLength)
        {
            throw Broken(file, $"its directory of {count:N0} records does not fit its length");
        }

        var bytes = Bytes(file, handle, start, (int)length);
        var headers = new List<(long Header, string Name, long Length)>();
        for (var at = 0; headers.Count < count;)
        {
            headers.Add(Header(file, bytes, ref at));
        }

        headers.Sort((a, b) => a.Header.CompareTo(b.Header));
        var records = new Dictionary<string, ZipRecord>(StringComparer.Ordinal);
        for (var i = 0; i < headers.Count; i++)
        {
            var next = i + 1 < headers.Count ? headers[i + 1].Header : start;
            var record = Record(file, handle, headers[i], next);
            if (!records.TryAdd(record.Name, record))
            {
                throw Broken(file, $"the record '{record.Name}' is there twice");
            }
        }

        return records;
    }

    private static (long Start, long Length, long Count) Locate(string file, SafeFileHandle handle)
    {
        var total = RandomAccess.GetLength(handle);
        var tail = Bytes(file, handle, Math.Max(0, total - EndLength - LongestComment), (int)Math.Min(total, EndLength + LongestComment));
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (UInt32(tail, at) != End || at + EndLength + UInt16(tail, at + 20) != tail.Length)
            {
                continue;
            }

            var end = total - tail.Length + at;
            var (count, length, start) = ((long)UInt16(tail, at + 10), (long)UInt32(tail, at + 12), (long)UInt32(tail, at + 16));
            if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
            {
                (end, count, length, start) = Locate64(file, handle, end);
            }

            return start >= 0 && length >= 0 && count >= 0 && start <= end && length <= end - start
                ? (start, length, count) : throw Broken(file, "its directory does not lie within it");
        }

        throw Broken(file, "it is cut off: a zip archive ends with its directory, which is not there");
    }

    private static (long End, long Count, long Length, long Start) Locate64(string file, SafeFileHandle handle, long end)
    {
        var locator = end >= LocatorLength ? Bytes(file, handle, end - LocatorLength, LocatorLength) : [];
        var at = locator.Length > 0 && UInt32(locator, 0) == Locator64 ? Int64(locator, 8) : -1;
        if (at < 0 || at > end - LocatorLength - End64Length)
        {
            throw Broken(file, "the end of its zip64 directory is not where it should be");
        }

        var record = Bytes(file, handle, at, End64Length);
        return UInt32(record, 0) == End64 ? (at, Int64(record, 32), Int64(record, 40), Int64(record, 48))
            : throw Broken(file, "the end of its zip64 directory is not where it should be");
    }

    private static (long Header, string Name, long Length) Header(string file, byte[] bytes, ref int at)
    {
        if (bytes.Length - at < CentralLength || UInt32(bytes, at) != CentralHeader)
        {
            throw Broken(file, "its directory is cut off");
        }

        var (nameLength, extraLength, commentLength) = (UInt16(bytes, at + 28), UInt16(bytes, at + 30), UInt16(bytes, at + 32));
        if (bytes.Length - at - CentralLength < nameLength + extraLength + commentLength)
        {
            throw Broken(file, "its directory is cut off");
        }

        var name = Name(file, bytes.AsSpan(at + CentralLength, nameLength));
        long packed = UInt32(bytes, at + 20), length = UInt32(bytes, at + 24), header = UInt32(bytes, at + 42);
        Widen(bytes.AsSpan(at + CentralLength + nameLength, extraLength), ref length, ref packed, ref header);
        if ((UInt16(bytes, at + 8) & 1) != 0 || UInt16(bytes, at + 10) != 0 || packed != length)
        {
            throw Broken(file, $"the record '{name}' is compressed or encrypted; PyTorch stores records as they are");
        }

        at += CentralLength + nameLength + extraLength + commentLength;
        return (header, name, length);
    }

    /// <summary>Takes the values that are too large for 32 bits from the zip64 field.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long header)
    {
        while (extra.Length >= 4)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (extra.Length - 4 < size)
            {
                return;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                var field = extra.Slice(4, size);
                Take(ref field, ref length);
                Take(ref field, ref packed);
                Take(ref field, ref header);
                return;
            }

            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value == uint.MaxValue && field.Length >= 8)
        {
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    private static ZipRecord Record(string file, SafeFileHandle handle, (long Header, string Name, long Length) entry, long next)
    {
        if (entry.Header < 0 || entry.Length < 0 || entry.Header > next - LocalLength)
        {
            throw Broken(file, $"the record '{entry.Name}' overlaps another or does not lie within it");
        }

        var local = Bytes(file, handle, entry.Header, LocalLength);
        var start = entry.Header + LocalLength + UInt16(local, 26) + UInt16(local, 28);
        return UInt32(local, 0) != LocalHeader ? throw Broken(file, $"the record '{entry.Name}' is not where the directory says")
            : start > next || entry.Length > next - start ? throw Broken(file, $"the record '{entry.Name}' overlaps another or does not lie within it")
            : new ZipRecord(entry.Name, start, entry.Length);
    }

    /// <summary>Records are never written out; a name that leads elsewhere shows what the file is for.</summary>
    private static string Name(string file, ReadOnlySpan<byte> bytes)
    {
        var name = Encoding.UTF8.GetString(bytes);
        return name.Length == 0 || name.StartsWith('/') || name.Any(character => character is '\\' or ':' || char.IsControl(character))
            || name.Split('/').Any(part => part is "." or "..")
            ? throw PickleSource.Refused(file, $"the record name '{string.Concat(name.Take(80).Select(character => char.IsControl(character) ? '?' : character))}' leads out of the archive")
            : name;
    }

    private static byte[] Bytes(string file, SafeFileHandle handle, long offset, int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(handle, bytes.AsSpan(done), offset + done);
            done += read > 0 ? read : throw Broken(file, "it is cut off");
        }

        return bytes;
    }

    private static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint UInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long Int64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    private static LlamaxException Broken(string file, string what) =>
        new($"{file}: not a whole PyTorch checkpoint: {what}. Download or write the file again.");
}
