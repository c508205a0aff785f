using System.Text.RegularExpressions;

namespace Llamax.Models.Hub;

/// <summary>A repository of a hub at some revision: <c>org/name</c>, <c>org/name@revision</c> or <c>datasets/org/name</c>.</summary>
public sealed partial record RepositoryName
{
    /// <summary>The branch that is meant where no revision is named.</summary>
    public const string DefaultRevision = "main";

    private const string Datasets = "datasets/";

    private RepositoryName(string id, string revision, bool isDataset) => (Id, Revision, IsDataset) = (id, revision, isDataset);

    /// <summary>The owner and the name, or the name alone.</summary>
    public string Id { get; }

    /// <summary>A branch, a tag, or a commit's hash.</summary>
    public string Revision { get; }

    /// <summary>Whether it is a data set; a model otherwise.</summary>
    public bool IsDataset { get; }

    /// <summary>What stands before the id in the hub's addresses.</summary>
    internal string AddressPrefix => IsDataset ? Datasets : "";

    /// <summary>The name of its folder in the cache.</summary>
    internal string FolderName => $"{(IsDataset ? "datasets" : "models")}--{Id.Replace("/", "--")}";

    /// <summary>Whether the revision is a commit, which never changes.</summary>
    internal bool IsCommit => IsCommitHash(Revision);

    /// <summary>Reads a name as users write it.</summary>
    /// <param name="text">For example <c>meta-llama/Llama-2-7b-hf@main</c>.</param>
    /// <exception cref="LlamaxException">It is no such name.</exception>
    public static RepositoryName Parse(string text)
    {
        var at = text.IndexOf('@');
        var (name, revision) = at < 0 ? (text, DefaultRevision) : (text[..at], text[(at + 1)..]);
        var isDataset = name.StartsWith(Datasets, StringComparison.Ordinal);
        var id = isDataset ? name[Datasets.Length..] : name;
        if (id.Length > 96 || !Name().IsMatch(id) || id.Contains("--") || id.Contains("..") || id.EndsWith(".git", StringComparison.Ordinal))
        {
            throw new LlamaxException(
                $"'{text}' is no name of a repository: expected OWNER/NAME, OWNER/NAME@REVISION or datasets/OWNER/NAME, of letters, digits, '-', '_' and '.'.");
        }

        if (!IsRevision(revision))
        {
            throw new LlamaxException($"'{text}': '{revision}' is no revision. Name a branch, a tag or a commit's 40 digits behind the @.");
        }

        return new RepositoryName(id, revision, isDataset);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{AddressPrefix}{Id}{(Revision == DefaultRevision ? "" : $"@{Revision}")}";

    internal static bool IsCommitHash(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether text can be a revision, and the path of a file below <c>refs</c>.</summary>
    private static bool IsRevision(string text) =>
        text.Length is > 0 and <= 200 && RevisionText().IsMatch(text) && text.Split('/').All(part => part is not ("" or "." or ".."));

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9_])?(/[A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9_])?)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9_.+\-/=]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RevisionText();
}
