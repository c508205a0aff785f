using System.Security.Cryptography;
using Llamax.Models.Hub.Listing;
using Llamax.Text.Files;

namespace Llamax.Models.Hub.Cache;

/// <summary>
/// The folder that Python's huggingface_hub keeps repositories in: per repository <c>blobs</c> by content,
/// <c>snapshots</c> by commit with relative links to them, <c>refs</c> from branches and tags to commits, and
/// <c>trees</c> with the listings; <c>.locks</c> beside them.
/// </summary>
/// <param name="root">The folder.</param>
internal sealed class HubCache(string root)
{
    private const int LongestListing = 1 << 27;

    /// <summary>How a link is made; the second is what it leads to.</summary>
    public Action<string, string> MakeLink { get; init; } = (link, target) => File.CreateSymbolicLink(link, target);

    public string Blob(RepositoryName name, HubFile file) => Path.Combine(Folder(name), "blobs", file.BlobName!);

    public string Lock(RepositoryName name, string of) => Path.Combine(root, ".locks", name.FolderName, of + ".lock");

    public string Snapshot(RepositoryName name, string commit) => Path.Combine(Folder(name), "snapshots", commit);

    /// <summary>The path of a file in a snapshot.</summary>
    public string Pointer(RepositoryName name, string commit, string path) =>
        Path.Combine([Snapshot(name, commit), .. path.Split('/')]);

    /// <summary>The commit that a revision meant when it was last pulled; null where it was not.</summary>
    public string? Commit(RepositoryName name)
    {
        if (name.IsCommit)
        {
            return name.Revision;
        }

        var file = Reference(name);
        return File.Exists(file) && File.ReadAllText(file).Trim() is { } commit && RepositoryName.IsCommitHash(commit) ? commit : null;
    }

    /// <summary>The saved listing of a commit; null where there is none that can be read.</summary>
    public RepositoryListing? Listing(RepositoryName name, string commit)
    {
        var file = new FileInfo(Tree(name, commit));
        return file.Exists && file.Length <= LongestListing ? RepositoryListing.FromCache(File.ReadAllBytes(file.FullName), commit) : null;
    }

    /// <summary>The files that lie in a snapshot.</summary>
    public RepositoryListing SnapshotListing(RepositoryName name, string commit)
    {
        var folder = Snapshot(name, commit);
        var files = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsThere)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            : [];
        return new RepositoryListing(commit, files.ToDictionary(file => file, file => new HubFile(file, null, null, null), StringComparer.Ordinal));
    }

    /// <summary>Whether a snapshot has a file, with the length that it should have: a full disk or somebody else may have cut it off.</summary>
    public bool Holds(RepositoryName name, string commit, HubFile file) => IsWhole(Pointer(name, commit, file.Path), file);

    /// <summary>Whether the content of a file is there with the length that it should have.</summary>
    public bool HoldsContent(RepositoryName name, HubFile file) => IsWhole(Blob(name, file), file);

    /// <summary>Keeps a listing, where every file of it has the git hash that the format wants.</summary>
    public void Save(RepositoryName name, RepositoryListing listing)
    {
        var file = Tree(name, listing.Commit);
        if (!File.Exists(file) && listing.Files.Values.All(each => each.GitId is not null && each.Size is not null))
        {
            AtomicFile.Write(file, listing.WriteCache);
        }
    }

    /// <summary>Notes which commit a branch or a tag means now.</summary>
    public void SaveReference(RepositoryName name, string commit)
    {
        if (!name.IsCommit && Commit(name) != commit)
        {
            AtomicFile.WriteText(Reference(name), commit);
        }
    }

    /// <summary>
    /// Puts a file into a snapshot: a link to its content, or a copy where the file system or the system's settings allow no link.
    /// What is there of another content makes way, unless nothing is known by which the new one could have been checked.
    /// </summary>
    public void Link(RepositoryName name, string commit, HubFile file)
    {
        var (link, blob) = (Pointer(name, commit, file.Path), Blob(name, file));
        var folder = Path.GetDirectoryName(link)!;
        if (IsThere(link) && (file.Digest is null || IsOf(link, folder, blob)))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var made = $"{link}.{Guid.NewGuid():N}.incomplete"; // Whoever looks meanwhile finds the old one or the new one.
        try
        {
            MakeLink(made, Path.GetRelativePath(folder, blob));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Copy(blob, made, overwrite: true);
        }

        File.Move(made, link, overwrite: true);
    }

    /// <summary>Whether a file of a snapshot has a SHA-256; a link to a content of that name was checked when it came.</summary>
    public bool Has(RepositoryName name, string commit, string path, string sha256)
    {
        var pointer = new FileInfo(Pointer(name, commit, path));
        if (pointer.LinkTarget is { } target && Path.GetFileName(target) == sha256)
        {
            return true;
        }

        using var content = pointer.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(content)) == sha256;
    }

    private static bool IsWhole(string path, HubFile file) => IsThere(path) && (file.Size is not { } size || FileStamp.Of(path).Length == size);

    /// <summary>Whether there is a file, or a link that leads to one: to the system a link that leads nowhere is a file too.</summary>
    private static bool IsThere(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false };

    /// <summary>Whether a link leads to that content, or a copy was made of it: copies keep its length and time.</summary>
    private static bool IsOf(string link, string folder, string blob)
    {
        var (there, content) = (new FileInfo(link), new FileInfo(blob));
        return there.LinkTarget is { } target
            ? Path.GetFullPath(target, Path.GetFullPath(folder)) == content.FullName
            : (there.Length, there.LastWriteTimeUtc) == (content.Length, content.LastWriteTimeUtc);
    }

    private string Folder(RepositoryName name) => Path.Combine(root, name.FolderName);

    private string Tree(RepositoryName name, string commit) => Path.Combine(Folder(name), "trees", commit + ".json");

    private string Reference(RepositoryName name) => Path.Combine([Folder(name), "refs", .. name.Revision.Split('/')]);
}
