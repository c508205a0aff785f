namespace Llamax.Testing;

/// <summary>Finds the data that lies beside the project, and skips the test that needs it where it is absent.</summary>
internal static class Shared
{
    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindUp("Llamax.slnx")
        ?? throw new InvalidOperationException("Llamax.slnx not found above the test binaries.");

    /// <summary>Full path of a file or folder under <c>../shared</c>; skips the calling test where it is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine([Repository, "..", "shared", .. parts]));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path),
            $"needs ../shared/{string.Join('/', parts)} beside the project");
        return path;
    }

    /// <summary>Full path of a program; skips the calling test where it is not installed.</summary>
    public static string Program(string name, string debianPackage)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"needs {name}: apt-get install {debianPackage}");
        return found!;
    }

    private static string? FindUp(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, file)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
