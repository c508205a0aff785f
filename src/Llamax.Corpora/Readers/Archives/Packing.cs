using System.IO.Compression;
using ZstdSharp;

namespace Llamax.Corpora.Readers.Archives;

/// <summary>Compressed files, told by their names.</summary>
internal static class Packing
{
    /// <summary>The name without the extension of its compression.</summary>
    public static string BareName(string name) =>
        IsGzip(name) && name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : IsZstandard(name) ? name[..^4] : name;

    /// <summary>What is in the file; the stream given is closed with the one returned.</summary>
    public static Stream Unpack(Stream stream, string name) =>
        IsGzip(name) ? new GZipStream(stream, CompressionMode.Decompress)
        : IsZstandard(name) ? new DecompressionStream(stream, checkEndOfStream: true, leaveOpen: false)
        : stream;

    private static bool IsGzip(string name) =>
        name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);

    private static bool IsZstandard(string name) => name.EndsWith(".zst", StringComparison.OrdinalIgnoreCase);
}
