using Llamax.Models.Hub.Listing;

namespace Llamax.Models.Hub.Loading;

/// <summary>What is to be loaded of a repository.</summary>
/// <param name="Name">The repository.</param>
/// <param name="Listing">All its files.</param>
/// <param name="Files">Those that are needed.</param>
/// <param name="IsFromCache">Whether all of them are there and no server was asked.</param>
internal sealed record RepositoryPlan(RepositoryName Name, RepositoryListing Listing, IReadOnlyList<HubFile> Files, bool IsFromCache);
