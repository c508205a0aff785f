using System.IO.Hashing;
using System.Runtime.InteropServices;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Selection;

/// <summary>A set of numbers from 0 up, one bit each. Reading is thread-safe.</summary>
internal sealed class IndexSet
{
    private const int PartLength = 1 << 20;

    private readonly ulong[] bits;

    /// <param name="size">All numbers are below this.</param>
    public IndexSet(long size) => bits = new ulong[checked((size + 63) / 64)];

    private IndexSet(ulong[] bits) => this.bits = bits;

    /// <summary>A hash of the numbers, as file names have it.</summary>
    public string Fingerprint
    {
        get
        {
            var hash = new XxHash128();
            ForEachPart(bits, part => hash.Append(part));
            return Convert.ToHexStringLower(hash.GetCurrentHash());
        }
    }

    /// <summary>A set that <see cref="Save"/> wrote.</summary>
    public static IndexSet Load(string path)
    {
        using var stream = File.OpenRead(path);
        var read = new ulong[stream.Length / sizeof(ulong)];
        ForEachPart(read, stream.ReadExactly);
        return new IndexSet(read);
    }

    public void Add(long index) => bits[index >> 6] |= 1UL << (int)(index & 63);

    public bool Contains(long index) => index >> 6 < bits.LongLength && (bits[index >> 6] >> (int)(index & 63) & 1) != 0;

    public void Save(string path) => AtomicFile.Write(path, stream => ForEachPart(bits, part => stream.Write(part)));

    /// <summary>Part by part, because a set may have more bytes than a span holds.</summary>
    private static void ForEachPart(ulong[] all, Action<Span<byte>> action)
    {
        for (var rest = all.AsSpan(); !rest.IsEmpty; rest = rest[Math.Min(PartLength, rest.Length)..])
        {
            action(MemoryMarshal.AsBytes(rest[..Math.Min(PartLength, rest.Length)]));
        }
    }
}
