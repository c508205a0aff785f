namespace Llamax.Corpora.Readers;

/// <summary>The bytes of a stream from one place to another.</summary>
internal sealed class PartStream : ForwardStream
{
    private long left;

    /// <param name="inner">The stream, which can seek; closed with this one.</param>
    /// <param name="start">The first byte, from 0.</param>
    /// <param name="end">The first byte that does not belong to the part.</param>
    public PartStream(Stream inner, long start, long end)
        : base(inner)
    {
        left = end - start;
        inner.Position = start;
    }

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        left -= read;
        return read;
    }
}
