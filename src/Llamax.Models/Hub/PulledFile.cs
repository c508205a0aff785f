namespace Llamax.Models.Hub;

/// <summary>One file of what was pulled.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="Size">Its bytes; null where nobody said yet.</param>
/// <param name="Sha256">SHA-256 of its content, where it is known.</param>
/// <param name="GitHash">Git's hash of its content, by which small files of a hub are known.</param>
/// <param name="WasThere">Whether it lay in the cache before.</param>
public sealed record PulledFile(string Path, long? Size, string? Sha256, string? GitHash, bool WasThere);
