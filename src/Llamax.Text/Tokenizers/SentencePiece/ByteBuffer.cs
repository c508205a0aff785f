using System.Buffers;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Bytes that grow at their end and can be cut there; kept and used again from call to call.</summary>
internal sealed class ByteBuffer
{
    private const int Smallest = 256;

    // Larger arrays come from the pool: the system takes long to hand out fresh memory.
    private const int LargestOwned = 1 << 18;

    private byte[] bytes = new byte[Smallest];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Truncate(int length) => Length = length;

    public void Append(ReadOnlySpan<byte> more) => more.CopyTo(Grow(more.Length));

    /// <summary>Adds that many bytes and returns them to be filled.</summary>
    public Span<byte> Grow(int count)
    {
        var added = Reserve(count)[..count];
        Length += count;
        return added;
    }

    /// <summary>Makes room for that many bytes and returns all room behind what is there; <see cref="Advance"/> adds what was filled.</summary>
    public Span<byte> Reserve(long count)
    {
        if (count > bytes.Length - Length)
        {
            var size = (int)Math.Max(checked((int)(Length + count)), Math.Min(2L * bytes.Length, Array.MaxLength));
            var larger = size > LargestOwned ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
            Written.CopyTo(larger);
            Replace(larger);
        }

        return bytes.AsSpan(Length);
    }

    /// <summary>Adds bytes that were filled in what <see cref="Reserve"/> gave.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Gives large memory back to the pool that it came from; the buffer is then as new.</summary>
    public void Release()
    {
        Replace(new byte[Smallest]);
        Length = 0;
    }

    private void Replace(byte[] other)
    {
        if (bytes.Length > LargestOwned)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        bytes = other;
    }
}
