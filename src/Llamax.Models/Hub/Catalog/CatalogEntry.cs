namespace Llamax.Models.Hub.Catalog;

/// <summary>A name for something that lies at an official address.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Licence">The owners' terms.</param>
/// <param name="File">The name that the file gets.</param>
/// <param name="Address">Where the file is.</param>
/// <param name="Size">Its bytes, where they are known for certain.</param>
/// <param name="Sha256">What it hashes to, where that is known for certain.</param>
/// <param name="Limit">The most bytes that are taken of a file of unknown length.</param>
/// <param name="Repositories">The repositories of a hub, where it is made of some: the first is the one that is meant, the others what it needs.</param>
internal sealed record CatalogEntry(
    string Name,
    string Description,
    string Licence,
    string? File = null,
    Uri? Address = null,
    long? Size = null,
    string? Sha256 = null,
    long Limit = 0,
    IReadOnlyList<CatalogRepository>? Repositories = null);
