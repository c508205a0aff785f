namespace Llamax.Corpora.Readers.Records;

/// <summary>A stream of which only so much can be read before its user has made something of it, and says so.</summary>
/// <param name="inner">The stream; closed with this one.</param>
/// <param name="allowance">Bytes that may be read between two calls of <see cref="Reset"/>.</param>
/// <param name="tooMuch">The error where more are.</param>
internal sealed class MeasuredStream(Stream inner, int allowance, Func<LlamaxException> tooMuch) : ForwardStream(inner)
{
    private long left = allowance;

    /// <summary>Allows as much again.</summary>
    public void Reset() => left = allowance;

    public override int Read(Span<byte> buffer)
    {
        var read = Inner.Read(buffer);
        left -= read;
        return left >= 0 ? read : throw tooMuch();
    }
}
