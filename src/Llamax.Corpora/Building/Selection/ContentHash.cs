using System.Buffers.Binary;
using System.IO.Hashing;

namespace Llamax.Corpora.Building.Selection;

/// <summary>
/// Hashes of texts and pairs under the run's seed (XXH3, 128 bits). The same pair has the same hash whichever language
/// its source had first. One thread at a time.
/// </summary>
/// <param name="seed">The run's seed.</param>
internal sealed class ContentHash(long seed)
{
    private readonly XxHash128 hash = new(seed);

    /// <summary>The hash of texts in languages.</summary>
    /// <param name="languages">Code of the language, or of the two in the order of the texts with a hyphen between.</param>
    /// <param name="first">The text, or the one in the language that sorts first.</param>
    /// <param name="second">The other one; empty for a text.</param>
    public UInt128 Of(ReadOnlySpan<byte> languages, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> lengths = stackalloc byte[8]; // So that no boundary can shift.
        BinaryPrimitives.WriteInt32LittleEndian(lengths, languages.Length);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], first.Length);
        hash.Append(lengths);
        hash.Append(languages);
        hash.Append(first);
        hash.Append(second);
        var result = hash.GetCurrentHashAsUInt128();
        hash.Reset();
        return result;
    }
}
