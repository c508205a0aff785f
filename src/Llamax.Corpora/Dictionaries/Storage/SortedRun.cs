using System.Buffers.Binary;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>A file of sorted byte strings, each behind its length; gone once it is closed.</summary>
internal sealed class SortedRun(string path) : IDisposable
{
    private readonly FileStream file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    private byte[] current = new byte[256];
    private int length;

    /// <summary>The string that was read last.</summary>
    public ReadOnlySpan<byte> Current => current.AsSpan(0, length);

    /// <summary>Writes a string with its length before it, or a part of that.</summary>
    public void Write(ReadOnlySpan<byte> prefixed) => file.Write(prefixed);

    /// <summary>Ends the writing; reading begins.</summary>
    public void Finish() => file.Position = 0;

    public bool TryNext()
    {
        Span<byte> prefix = stackalloc byte[sizeof(ushort)];
        if (file.ReadAtLeast(prefix, sizeof(ushort), throwOnEndOfStream: false) == 0)
        {
            return false;
        }

        length = BinaryPrimitives.ReadUInt16LittleEndian(prefix);
        if (current.Length < length)
        {
            current = new byte[2 * length];
        }

        file.ReadExactly(current.AsSpan(0, length));
        return true;
    }

    public void Dispose() => file.Dispose();
}
