namespace Llamax.Corpora.Readers;

/// <summary>The bytes of a stream from one place to another.</summary>
internal sealed class PartStream : Stream
{
    private readonly Stream inner;
    private long left;

    /// <param name="inner">The stream, which can seek; closed with this one.</param>
    /// <param name="start">The first byte, from 0.</param>
    /// <param name="end">The first byte that does not belong to the part.</param>
    public PartStream(Stream inner, long start, long end)
    {
        (this.inner, left) = (inner, end - start);
        inner.Position = start;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        left -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
