using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Llamax.Models.Resizing;

/// <summary>Numbers as safetensors files store them, read and written as doubles.</summary>
internal static class NumberRow
{
    /// <summary>Whether the type is a floating-point one.</summary>
    public static bool Knows(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    public static void Read(ReadOnlySpan<byte> bytes, ScalarType type, Span<double> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = type switch
            {
                ScalarType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                ScalarType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                ScalarType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) << 16),
            };
        }
    }

    /// <summary>Writes the nearest numbers that the type has, even ones where two are equally near.</summary>
    public static void Write(ReadOnlySpan<double> row, ScalarType type, Span<byte> bytes)
    {
        for (var i = 0; i < row.Length; i++)
        {
            switch (type)
            {
                case ScalarType.Float64: BinaryPrimitives.WriteDoubleLittleEndian(bytes[(8 * i)..], row[i]); break;
                case ScalarType.Float32: BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], (float)row[i]); break;
                case ScalarType.Float16: BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)row[i]); break;
                default: BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], BFloat16((float)row[i])); break;
            }
        }
    }

    private static ushort BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
