using Llamax.Corpora.Building.Planning;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building;

/// <summary>Where finished pieces of a training set lie until it is complete: a folder beside its own.</summary>
internal sealed class WorkFolder
{
    public const string Suffix = ".work";

    private const string PlansFolder = "plans";

    private readonly string root;

    /// <param name="folder">The training set's folder.</param>
    public WorkFolder(string folder) => root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Suffix;

    public bool Exists => Directory.Exists(root);

    private string Chunks => Path.Combine(root, "chunks");

    private string Decisions => Path.Combine(root, PlansFolder);

    public string Scan(string fingerprint) => Path.Combine(root, "scans", fingerprint);

    public string Decision(string key) => Path.Combine(Decisions, key);

    public string Pseudo(string key) => Path.Combine(root, "pseudo", key);

    public string Chunk(string id) => Path.Combine(Chunks, id);

    /// <summary>The file of the places of a unit that enter.</summary>
    public static string Kept(string decision, int unit) => Path.Combine(decision, $"{unit:D6}.kept");

    private string Removed => root + ".removed";

    private IEnumerable<string> Plans =>
        Directory.Exists(Decisions) ? Directory.GetDirectories(Decisions).Where(each => File.Exists(Path.Combine(each, BuildPlan.FileName)) && !IsUnfinished(each)) : [];

    public BuildPlan Plan(string key) => BuildPlan.Load(Decision(key));

    /// <summary>The plan that the workers followed.</summary>
    /// <param name="folders">Where they worked.</param>
    /// <exception cref="LlamaxException">There is none, or more than one.</exception>
    public static BuildPlan OnlyPlan(IReadOnlyList<WorkFolder> folders)
    {
        List<BuildPlan> found = [.. folders.SelectMany(folder => folder.Plans).DistinctBy(Path.GetFileName).Select(BuildPlan.Load)];
        return found switch
        {
            [var one] => one,
            [] => throw new LlamaxException($"{folders[0].root} holds no plan: no worker has come so far. Start `llamax data build` with --worker 1/K to K/K first."),
            _ when found.DistinctBy(plan => plan.Sources).Count() == 1 => throw new LlamaxException(
                $"{string.Join(", ", folders.Select(folder => folder.root))}: the workers' models translated sentences differently, as other machines or libraries do. "
                + "Workers that make pseudo-parallel pairs share a folder, or one's `translations` is copied to the others before they start."),
            _ => throw new LlamaxException(
                $"{string.Join(", ", folders.Select(folder => folder.root))} hold {found.Count} plans: the workers were not given the same recipe, files and settings. "
                + "Start those again that were given others."),
        };
    }

    /// <summary>Copies the chunks of another worker's folder, and its plan.</summary>
    public void TakeFrom(WorkFolder other)
    {
        if (other.root == root)
        {
            return;
        }

        if (!other.Exists)
        {
            throw new LlamaxException($"{other.root}: no such folder. A worker leaves its results there, beside where its training set would be.");
        }

        foreach (var (from, to) in new[] { (other.Decisions, Decisions), (other.Chunks, Chunks) })
        {
            foreach (var source in Directory.Exists(from) ? Directory.GetDirectories(from) : [])
            {
                var target = Path.Combine(to, Path.GetFileName(source));
                if (!IsUnfinished(source) && !Directory.Exists(target))
                {
                    Copy(source, target);
                }
            }
        }
    }

    /// <summary>Removes plans that were made for other files or settings: what is put together follows the latest.</summary>
    /// <param name="key">The key of the plan that stays.</param>
    public void RemoveOtherPlans(string key)
    {
        foreach (var other in Plans.Where(plan => Path.GetFileName(plan) != key))
        {
            Delete(other);
        }
    }

    /// <summary>Removes all plans.</summary>
    /// <param name="root">Where the work lies.</param>
    public static void RemovePlans(string root) => Delete(Path.Combine(root, PlansFolder));

    public void RemoveChunks() => Delete(Chunks);

    /// <summary>Removes everything, under another name first: what is half removed must not look like work to go on with.</summary>
    public void Remove()
    {
        Delete(Removed);
        if (Exists)
        {
            Directory.Move(root, Removed);
            Delete(Removed);
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // There is none, or another process was quicker.
        }
    }

    private static bool IsUnfinished(string path) => path.EndsWith(".tmp", StringComparison.Ordinal);

    private static void Copy(string source, string target)
    {
        var unfinished = UnfinishedName.For(target);
        Directory.CreateDirectory(unfinished);
        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(unfinished, Path.GetFileName(file)), overwrite: true);
        }

        Directory.Move(unfinished, target);
    }
}
