using Llamax.Models.Hub.Listing;

namespace Llamax.Models.Hub.Loading;

/// <summary>A file to load, and what its content must be.</summary>
/// <param name="Name">As the user knows it.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Size">Its bytes; null where nobody said.</param>
/// <param name="Digest">What it must hash to; null where nobody said.</param>
/// <param name="Limit">The most bytes that are taken.</param>
/// <param name="Tag">The entity tag that the bytes of an earlier attempt had; null where they are known by their digest.</param>
internal sealed record BlobSource(string Name, Uri Address, long? Size, BlobDigest? Digest, long Limit, string? Tag = null)
{
    /// <summary>Called before the beginning of the file is looked for, once nobody else is at it.</summary>
    public Action Prepare { get; init; } = () => { };
}
