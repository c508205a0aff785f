using Llamax.Evaluation.Matrix;

namespace Llamax.Evaluation.Analysis.Fertility;

/// <summary>The texts that fertility is measured on.</summary>
public static class FertilityData
{
    // Where the archives, and the files in them, lie below the root.
    private static readonly (string Name, string Pattern)[] Known =
    [
        ("flores101", "flores/flores101_dev_devtest.tar.gz!flores101_dataset/{split}/{language}.{split}"),
        ("flores200", "flores/flores200_dev_devtest.tar.gz!flores200_dataset/{split}/{language}.{split}"),
    ];

    /// <summary>Finds a data set's files.</summary>
    /// <param name="name"><c>flores101</c>, <c>flores200</c>, or a pattern with <c>{language}</c> in it, and <c>{split}</c> where wanted.</param>
    /// <param name="root">The folder that the path starts from.</param>
    /// <param name="split"><c>dev</c> or <c>devtest</c>.</param>
    /// <exception cref="LlamaxException">There is no such file.</exception>
    public static TestSetFiles Find(string name, string root, string split)
    {
        var pattern = Array.Find(Known, each => each.Name == name).Pattern ?? name;
        if (!pattern.Contains(TestSetFiles.Placeholder, StringComparison.Ordinal))
        {
            throw new LlamaxException(
                $"--data {name}: expected {string.Join(", ", Known.Select(each => each.Name))}, or files with {TestSetFiles.Placeholder} in the place of the language's code, for example test.{TestSetFiles.Placeholder}.txt.");
        }

        var path = Path.Combine(root, pattern.Replace("{split}", split, StringComparison.Ordinal));
        var archive = path.Split('!')[0];
        return pattern != name && !File.Exists(archive)
            ? throw new LlamaxException($"--data {name}: there is no {archive}. Name the folder that holds {pattern.Split('!')[0]} with --root.")
            : new TestSetFiles(path, atLeast: 1);
    }
}
