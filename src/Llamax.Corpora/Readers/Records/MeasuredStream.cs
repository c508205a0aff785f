namespace Llamax.Corpora.Readers.Records;

/// <summary>A stream of which only so much can be read before its user has made something of it, and says so.</summary>
/// <param name="inner">The stream; closed with this one.</param>
/// <param name="allowance">Bytes that may be read between two calls of <see cref="Reset"/>.</param>
/// <param name="tooMuch">The error where more are.</param>
internal sealed class MeasuredStream(Stream inner, int allowance, Func<LlamaxException> tooMuch) : Stream
{
    private long left = allowance;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Allows as much again.</summary>
    public void Reset() => left = allowance;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        left -= read;
        return left >= 0 ? read : throw tooMuch();
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
