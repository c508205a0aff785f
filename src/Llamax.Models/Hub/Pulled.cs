namespace Llamax.Models.Hub;

/// <summary>What a pull brought, or would bring.</summary>
/// <param name="Name">The repository, or the name of a file with an address of its own.</param>
/// <param name="Path">The folder of the snapshot, or the file.</param>
/// <param name="Commit">The commit of a repository.</param>
/// <param name="Files">The files of it that are needed.</param>
public sealed record Pulled(string Name, string Path, string? Commit, IReadOnlyList<PulledFile> Files);
