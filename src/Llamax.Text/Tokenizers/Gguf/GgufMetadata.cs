using System.Buffers.Binary;
using System.Text;

namespace Llamax.Text.Tokenizers.Gguf;

/// <summary>
/// The keys and values of a GGUF file that begin with a prefix. Only this part at the start of the file is read, never
/// the tensors. Every length is checked against what is left of the file before memory is taken for it.
/// </summary>
internal sealed class GgufMetadata
{
    private const int Header = 24; // "GGUF", the version, the numbers of tensors and of keys.
    private const int LongestKey = 65_535; // As the format's specification has it.
    private const long LargestValue = 256L << 20;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: false);

    private readonly Dictionary<string, object> values = [];
    private readonly Stream stream;
    private readonly byte[] number = new byte[8];
    private long left;

    /// <summary>Reads the file's start.</summary>
    /// <param name="stream">The file; can seek.</param>
    /// <param name="prefix">What the keys of interest begin with.</param>
    /// <exception cref="InvalidDataException">It is no sound GGUF file.</exception>
    public GgufMetadata(Stream stream, string prefix)
    {
        (this.stream, left) = (stream, stream.Length);
        if (left < Header || Unsigned(4) != BinaryPrimitives.ReadUInt32LittleEndian("GGUF"u8))
        {
            throw new InvalidDataException("it does not begin with GGUF");
        }

        var version = Unsigned(4);
        if (version is not (2 or 3))
        {
            throw new InvalidDataException($"its version is {version} (2 and 3, little-endian, are supported)");
        }

        Unsigned(8);
        for (var keys = Unsigned(8); keys > 0; keys--)
        {
            var key = Text(Length(1, LongestKey, "key"));
            var type = (ValueType)Unsigned(4);
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
            {
                Skip(type, depth: 0);
            }
            else if (!values.TryAdd(key, Value(type)))
            {
                throw new InvalidDataException($"the key {key} is there twice");
            }
        }
    }

    private enum ValueType
    {
        UInt8 = 0,
        Int8 = 1,
        UInt16 = 2,
        Int16 = 3,
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
        UInt64 = 10,
        Int64 = 11,
        Float64 = 12,
    }

    /// <summary>A value of that type, or the default where the key is missing.</summary>
    /// <typeparam name="T"><c>long</c> for all whole numbers, <c>double</c> for others, <c>bool</c>, <c>string</c>,
    /// <see cref="GgufStrings"/>, <c>byte[]</c>, <c>int[]</c>, <c>float[]</c>.</typeparam>
    /// <exception cref="InvalidDataException">The value has another type.</exception>
    public T? Find<T>(string key) => values.GetValueOrDefault(key) switch
    {
        null => default,
        T value => value,
        var other => throw new InvalidDataException($"{key} is of type {other.GetType().Name} ({typeof(T).Name} expected)"),
    };

    /// <summary>A value of that type.</summary>
    /// <exception cref="InvalidDataException">The key is missing, or its value has another type.</exception>
    public T Get<T>(string key) => Find<T>(key) is { } value ? value : throw new InvalidDataException($"it has no {key}");

    private static int SizeOf(ValueType type) => type switch
    {
        ValueType.UInt8 or ValueType.Int8 or ValueType.Bool => 1,
        ValueType.UInt16 or ValueType.Int16 => 2,
        ValueType.UInt32 or ValueType.Int32 or ValueType.Float32 => 4,
        ValueType.UInt64 or ValueType.Int64 or ValueType.Float64 => 8,
        _ => throw new InvalidDataException($"a value has the unknown type {(int)type}"),
    };

    private object Value(ValueType type) => type switch
    {
        ValueType.String => Text(Length(1, LargestValue, "text")),
        ValueType.Array => Array(),
        ValueType.Bool => Unsigned(1) != 0,
        ValueType.Float32 => (double)BitConverter.UInt32BitsToSingle((uint)Unsigned(4)),
        ValueType.Float64 => BitConverter.UInt64BitsToDouble(Unsigned(8)),
        ValueType.Int8 => (long)(sbyte)Unsigned(1),
        ValueType.Int16 => (long)(short)Unsigned(2),
        ValueType.Int32 => (long)(int)Unsigned(4),
        _ => (long)Unsigned(SizeOf(type)),
    };

    private object Array()
    {
        var type = (ValueType)Unsigned(4);
        switch (type)
        {
            case ValueType.String:
                return Strings(Length(sizeof(ulong), LargestValue / sizeof(ulong), "list"));
            case ValueType.UInt8 or ValueType.Int8:
                var bytes = new byte[Length(1, LargestValue, "list")];
                Fill(bytes);
                return bytes;
            case ValueType.Int32 or ValueType.UInt32:
                return Numbers(BinaryPrimitives.ReadInt32LittleEndian);
            case ValueType.Float32:
                return Numbers(BinaryPrimitives.ReadSingleLittleEndian);
            default:
                throw new InvalidDataException($"a list of the type {type} is not supported");
        }
    }

    private T[] Numbers<T>(Func<ReadOnlySpan<byte>, T> read)
    {
        var numbers = new T[Length(4, LargestValue / 4, "list")];
        for (var i = 0; i < numbers.Length; i++)
        {
            Fill(number.AsSpan(0, 4));
            numbers[i] = read(number.AsSpan(0, 4));
        }

        return numbers;
    }

    private GgufStrings Strings(int count)
    {
        // The texts follow their lengths, so their sum is not known: what is left of the file bounds it.
        var (starts, bytes) = (new int[count + 1], new SentencePiece.ByteBuffer());
        for (var i = 0; i < count; i++)
        {
            var length = Length(1, LargestValue - bytes.Length, "text");
            Fill(bytes.Grow(length));
            starts[i + 1] = bytes.Length;
        }

        return new GgufStrings(bytes.Written.ToArray(), starts);
    }

    private void Skip(ValueType type, int depth)
    {
        switch (type)
        {
            case ValueType.String:
                Pass(Length(1, long.MaxValue, "text"));
                break;
            case ValueType.Array:
                var item = (ValueType)Unsigned(4);
                if (item is not (ValueType.String or ValueType.Array))
                {
                    var size = SizeOf(item);
                    Pass(size * (long)Length(size, long.MaxValue, "list"));
                    break;
                }

                if (depth > 8)
                {
                    throw new InvalidDataException("a list is too deep");
                }

                for (var count = Length(sizeof(ulong), long.MaxValue, "list"); count > 0; count--)
                {
                    Skip(item, depth + 1);
                }

                break;
            default:
                Pass(SizeOf(type));
                break;
        }
    }

    /// <summary>Reads how many items of a size follow, and checks that they can.</summary>
    private int Length(int size, long most, string what)
    {
        var length = Unsigned(8);
        return length <= (ulong)(left / size) && length <= (ulong)Math.Min(most, int.MaxValue) ? (int)length : throw new InvalidDataException(
            $"a {what} of length {length} is longer than the file or than what is supported; the file may have been cut short");
    }

    private ulong Unsigned(int size)
    {
        number.AsSpan().Clear();
        Fill(number.AsSpan(0, size));
        return BinaryPrimitives.ReadUInt64LittleEndian(number);
    }

    private string Text(int length)
    {
        var bytes = new byte[length];
        Fill(bytes);
        return Utf8.GetString(bytes);
    }

    private void Fill(Span<byte> bytes)
    {
        if (bytes.Length > left)
        {
            throw new InvalidDataException("it ends within its metadata; the file may have been cut short");
        }

        stream.ReadExactly(bytes);
        left -= bytes.Length;
    }

    private void Pass(long count)
    {
        if (count > left)
        {
            throw new InvalidDataException("it ends within its metadata; the file may have been cut short");
        }

        stream.Seek(count, SeekOrigin.Current);
        left -= count;
    }
}
