namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Bytes that grow at their end and can be cut there; kept and used again from call to call.</summary>
internal sealed class ByteBuffer
{
    private byte[] bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Truncate(int length) => Length = length;

    public void Append(ReadOnlySpan<byte> more) => more.CopyTo(Grow(more.Length));

    /// <summary>Adds that many bytes and returns them to be filled.</summary>
    public Span<byte> Grow(int count)
    {
        if (count > bytes.Length - Length)
        {
            Array.Resize(ref bytes, Math.Max(checked(Length + count), (int)Math.Min(2L * bytes.Length, Array.MaxLength)));
        }

        Length += count;
        return bytes.AsSpan(Length - count, count);
    }
}
