using System.Buffers.Binary;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// Walks over the fields of one Protocol Buffers message. Every length is checked against what is there before it is
/// used.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> message = message;
    private int position;
    private int wireType;

    /// <summary>Number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>Where the message is read next: the end of the field whose value was read or skipped.</summary>
    public readonly int Position => position;

    /// <summary>Moves to the next field; its value must then be read or skipped.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool Next()
    {
        if (position == message.Length)
        {
            return false;
        }

        var key = Varint();
        wireType = (int)(key & 7);
        Field = key >> 3 is > 0 and < 1 << 29 ? (int)(key >> 3) : throw new InvalidDataException($"field key {key} is out of range");
        return true;
    }

    /// <summary>The value of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        var length = Varint();
        return length <= (ulong)(message.Length - position)
            ? Take((int)length)
            : throw new InvalidDataException($"field {Field} claims {length} bytes where {message.Length - position} are left");
    }

    /// <summary>The value of a string field.</summary>
    public string Text()
    {
        try
        {
            return Strict.GetString(Bytes());
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"field {Field} is not valid UTF-8", exception);
        }
    }

    /// <summary>The value of a 32-bit integer or enum field.</summary>
    public int Int32()
    {
        Expect(0);
        return unchecked((int)Varint());
    }

    /// <summary>The value of a bool field.</summary>
    public bool Bool()
    {
        Expect(0);
        return Varint() != 0;
    }

    /// <summary>The value of a float field.</summary>
    public float Single()
    {
        Expect(5);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    /// <summary>Passes over the value.</summary>
    public void Skip()
    {
        switch (wireType)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Bytes(); break;
            case 5: Take(4); break;
            default: throw new InvalidDataException($"field {Field} has the unknown wire type {wireType}");
        }
    }

    private readonly void Expect(int type)
    {
        if (wireType != type)
        {
            throw new InvalidDataException($"field {Field} has wire type {wireType} instead of {type}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > message.Length - position)
        {
            throw new InvalidDataException("the file ends in the middle of a field");
        }

        position += count;
        return message.Slice(position - count, count);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is longer than 10 bytes");
    }
}
