using Llamax.Models.Hub.Cache;
using Llamax.Models.Hub.Catalog;
using Llamax.Models.Hub.Loading;

namespace Llamax.Models.Hub;

/// <summary>Finds the folder of a model that a user names by a path or as its hub does.</summary>
public static class LocalModel
{
    /// <summary>The folder of a model, without asking any server.</summary>
    /// <param name="nameOrFolder">A folder, or a repository such as <c>org/name</c> or <c>org/name@revision</c> that was pulled before.</param>
    /// <param name="settings">Where the cache is; what the environment says where absent.</param>
    /// <returns>The folder as it was named, or that of the snapshot.</returns>
    /// <exception cref="LlamaxException">There is neither such a folder nor such a model in the cache.</exception>
    public static string Find(string nameOrFolder, HubSettings? settings = null)
    {
        if (File.Exists(nameOrFolder))
        {
            throw new LlamaxException($"{nameOrFolder} is a file. A model is a folder with config.json, weights and tokenizer files: name the folder.");
        }

        if (Directory.Exists(nameOrFolder) || IsPath(nameOrFolder))
        {
            return nameOrFolder; // Whoever reads it says best what is wrong with it.
        }

        var repository = DownloadCatalog.Find(nameOrFolder)?.Repositories is [{ } main, ..] ? main : null;
        var name = RepositoryName.Parse(repository?.Name ?? nameOrFolder);
        var where = (settings ?? HubSettings.FromEnvironment()) with { Offline = true };
        var cache = new HubCache(where.CacheFolder);
        return RepositoryPlanner.PlanFromCacheAsync(cache, where, name, repository?.Files).GetAwaiter().GetResult() is { } plan
            ? cache.Snapshot(name, plan.Listing.Commit)
            : throw new LlamaxException(
                $"{nameOrFolder}: there is no such folder, and {where.CacheFolder} holds no such model, or not all of it. `llamax pull {nameOrFolder}` loads it.");
    }

    /// <summary>Whether a text can only be meant as a path.</summary>
    private static bool IsPath(string text) =>
        text.Length == 0 || text[0] is '.' or '/' or '~' || text.Contains('\\') || text.EndsWith('/') || text.Contains(':')
        || text.Count(character => character == '/') > (text.StartsWith("datasets/", StringComparison.Ordinal) ? 2 : 1) && !text.Contains('@');
}
