using Llamax.Corpora.Readers;

namespace Llamax.Recipes.Schema;

/// <summary>
/// Looks for every file that the data section names, those in archives included, and holds the test files against each
/// other: what is wrong must not show hours later, after training.
/// </summary>
/// <param name="data">The section.</param>
/// <param name="add">Receives a key and what is wrong there.</param>
internal sealed class FileChecks(DataSection data, Action<string, string> add)
{
    private readonly Dictionary<string, ArchiveMembers> archives = [];
    private readonly Dictionary<string, long> testLines = [];

    public void Run()
    {
        if (!Directory.Exists(data.Root))
        {
            add("data.root", $"data.root: there is no folder {RecipeChecks.Shown(data.Root)}; set it to where the texts are, in the recipe or with --set data.root=DIR.");
            return;
        }

        foreach (var (key, path) in data.Files())
        {
            try
            {
                Check(key, path);
            }
            catch (LlamaxException exception)
            {
                add(key, $"{key}: {exception.Message}");
            }
        }

        foreach (var (language, count) in testLines.Where(each => each.Value != testLines.First().Value))
        {
            var first = testLines.First();
            add($"data.test.{language}", $"data.test.{language} has {count:N0} lines and data.test.{first.Key} has {first.Value:N0}; line i of each must say the same.");
        }
    }

    private void Check(string key, string path)
    {
        if (key.StartsWith(DataSection.SegmentationPrefix, StringComparison.Ordinal))
        {
            if (!File.Exists(data.Resolve(path)))
            {
                throw new LlamaxException($"there is no file {RecipeChecks.Shown(data.Resolve(path))}; wildcards and members of archives are not read here.");
            }

            return;
        }

        var isTest = key.StartsWith(DataSection.TestPrefix, StringComparison.Ordinal);
        IReadOnlyList<TextFile> files = isTest ? [TextFile.FindOne(data.Resolve(path))] : data.Find(path, "");
        if (files.Count == 0)
        {
            throw new LlamaxException($"{path}: no file of a language of this run matches. {{lang}} stands for a language's code, {{pair}} for two with a hyphen between.");
        }

        foreach (var file in files)
        {
            var count = MemberLines(file);
            if (isTest)
            {
                testLines[key[DataSection.TestPrefix.Length..]] = count ?? Lines(file);
            }
        }
    }

    /// <summary>The number of lines of a member of an archive where it is wanted; that the member is there is seen here too.</summary>
    private long? MemberLines(TextFile file)
    {
        if (file.Name == file.DiskPath)
        {
            return null;
        }

        if (file.DiskPath.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) || file.DiskPath.EndsWith(".zst", StringComparison.OrdinalIgnoreCase))
        {
            using var there = file.Open();
            return null;
        }

        return Archive(file.DiskPath).Lines(file.Name[(file.DiskPath.Length + 1)..]);
    }

    private ArchiveMembers Archive(string path)
    {
        if (!archives.TryGetValue(path, out var members))
        {
            var wanted = data.Test.Values.Select(data.Resolve).Select(TextFile.Normalize).Where(test => test.StartsWith(path + "!", StringComparison.Ordinal))
                .Select(test => test[(path.Length + 1)..]).ToHashSet();
            archives[path] = members = new ArchiveMembers(path, wanted.Contains);
        }

        return members;
    }

    private static long Lines(TextFile file)
    {
        using var stream = file.Open();
        return ArchiveMembers.CountLines(stream);
    }
}
