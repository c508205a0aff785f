using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Writes the fields of Protocol Buffers messages, nested ones through their own writer.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> message = new();

    public void Write(Stream target) => target.Write(message.WrittenSpan);

    public void Field(int field, int value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)(long)value); // Negative numbers take ten bytes, as the format wants it.
    }

    public void Field(int field, bool value) => Field(field, value ? 1 : 0);

    public void Field(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        BinaryPrimitives.WriteSingleLittleEndian(message.GetSpan(4), value);
        message.Advance(4);
    }

    public void Field(int field, string value) => Field(field, Encoding.UTF8.GetBytes(value));

    public void Field(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        message.Write(value);
    }

    public void Field(int field, ProtobufWriter value) => Field(field, value.message.WrittenSpan);

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            message.Write([(byte)(value | 0x80)]);
        }

        message.Write([(byte)value]);
    }
}
