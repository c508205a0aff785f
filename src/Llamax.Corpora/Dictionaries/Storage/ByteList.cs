namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>Bytes that grow.</summary>
internal sealed class ByteList
{
    private byte[] bytes = new byte[256];
    private int count;

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, count);

    public void Add(ReadOnlySpan<byte> more)
    {
        if (bytes.Length - count < more.Length)
        {
            Array.Resize(ref bytes, checked(Math.Max(2 * bytes.Length, count + more.Length)));
        }

        more.CopyTo(bytes.AsSpan(count));
        count += more.Length;
    }

    public void Clear() => count = 0;
}
