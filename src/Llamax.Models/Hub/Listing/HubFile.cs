namespace Llamax.Models.Hub.Listing;

/// <summary>A file of a repository as its hub describes it.</summary>
/// <param name="Path">Its path in the repository, with slashes.</param>
/// <param name="Size">Its bytes; null where the hub did not say.</param>
/// <param name="GitId">Git's hash of what git stores: of the content, or of the pointer to it where it lies in LFS.</param>
/// <param name="Sha256">SHA-256 of a file that lies in LFS.</param>
/// <param name="Tag">The entity tag, where it is all that the hub gives.</param>
internal sealed record HubFile(string Path, long? Size, string? GitId, string? Sha256, string? Tag = null)
{
    /// <summary>What the content must hash to; null where nothing is known.</summary>
    public BlobDigest? Digest => BlobDigest.Parse(Sha256) ?? BlobDigest.Parse(Tag) ?? BlobDigest.Parse(GitId);

    /// <summary>Whether enough is known to load it.</summary>
    public bool IsDescribed => BlobName is not null;

    /// <summary>The name of its content in the cache, as Python's huggingface_hub chooses it; null where the hub said too little.</summary>
    public string? BlobName => Digest?.Hex ?? (IsName(Tag) ? Tag : null);

    private static bool IsName(string? text) =>
        text is { Length: > 0 and <= 128 } && text[0] != '.' && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}
