namespace Llamax.Models.Hub.Catalog;

/// <summary>A repository that belongs to a name of the catalog.</summary>
/// <param name="Name">The repository.</param>
/// <param name="Files">Those of its files that are needed.</param>
/// <param name="Sha256">What some of them are known to hash to.</param>
internal sealed record CatalogRepository(string Name, IReadOnlyList<string> Files, IReadOnlyDictionary<string, string>? Sha256);
