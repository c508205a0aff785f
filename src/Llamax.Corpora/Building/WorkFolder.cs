using Llamax.Corpora.Building.Planning;

namespace Llamax.Corpora.Building;

/// <summary>Where finished pieces of a training set lie until it is complete: a folder beside its own.</summary>
internal sealed class WorkFolder
{
    private readonly string root;

    /// <param name="folder">The training set's folder.</param>
    public WorkFolder(string folder) => root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".work";

    public bool Exists => Directory.Exists(root);

    private string Chunks => Path.Combine(root, "chunks");

    private string Decisions => Path.Combine(root, "plans");

    public string Scan(string fingerprint) => Path.Combine(root, "scans", fingerprint);

    public string Decision(string key) => Path.Combine(Decisions, key);

    public string Pseudo(string key) => Path.Combine(root, "pseudo", key);

    public string Chunk(string id) => Path.Combine(Chunks, id);

    /// <summary>The file of the places of a unit that enter.</summary>
    public static string Kept(string decision, int unit) => Path.Combine(decision, $"{unit:D6}.kept");

    public BuildPlan Plan(string key) => BuildPlan.Load(Decision(key));

    /// <summary>The plan that the workers followed.</summary>
    /// <exception cref="LlamaxException">There is none, or more than one.</exception>
    public BuildPlan OnlyPlan()
    {
        string[] found = Directory.Exists(Decisions) ? [.. Directory.GetDirectories(Decisions).Where(each => File.Exists(Path.Combine(each, BuildPlan.FileName)))] : [];
        return found switch
        {
            [var one] => BuildPlan.Load(one),
            [] => throw new LlamaxException($"{root} holds no plan: no worker has come so far. Start `llamax data build` with --worker 1/K to K/K first."),
            _ => throw new LlamaxException(
                $"{root} holds {found.Length} plans: the workers were not given the same recipe, files and settings. Remove that folder and start them again."),
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
                if (!source.EndsWith(".tmp", StringComparison.Ordinal) && !Directory.Exists(target))
                {
                    Copy(source, target);
                }
            }
        }
    }

    public void Remove()
    {
        if (Exists)
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Copy(string source, string target)
    {
        var unfinished = target + ".tmp";
        Directory.CreateDirectory(unfinished);
        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(unfinished, Path.GetFileName(file)), overwrite: true);
        }

        Directory.Move(unfinished, target);
    }
}
