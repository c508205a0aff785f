using System.IO.Hashing;
using System.Runtime.InteropServices;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Selection;

/// <summary>A set of numbers from 0 up, one bit each. Reading is thread-safe.</summary>
internal sealed class IndexSet
{
    private readonly ulong[] bits;

    /// <param name="size">All numbers are below this.</param>
    public IndexSet(long size) => bits = new ulong[checked((size + 63) / 64)];

    private IndexSet(ulong[] bits) => this.bits = bits;

    /// <summary>A hash of the numbers, as file names have it.</summary>
    public string Fingerprint => Convert.ToHexStringLower(XxHash128.Hash(MemoryMarshal.AsBytes(bits.AsSpan())));

    /// <summary>A set that <see cref="Save"/> wrote.</summary>
    public static IndexSet Load(string path) => new([.. MemoryMarshal.Cast<byte, ulong>(File.ReadAllBytes(path))]);

    public void Add(long index) => bits[index >> 6] |= 1UL << (int)(index & 63);

    public bool Contains(long index) => index >> 6 < bits.LongLength && (bits[index >> 6] >> (int)(index & 63) & 1) != 0;

    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(MemoryMarshal.AsBytes(bits.AsSpan())));
}
