using System.Diagnostics;
using System.Text.RegularExpressions;
using Llamax.Models;
using Llamax.Models.Native;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.EndToEnd;

/// <summary>What docs/library.md tells a developer to do: pack, make a new console project, paste, run.</summary>
public sealed partial class LibraryTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void The_example_of_the_documentation_translates_in_a_new_project()
    {
        var root = Root();
        using var folder = new TemporaryFolder();
        var version = $"0.1.0-test{Guid.NewGuid():N}";
        var packages = folder.File("packages");
        foreach (var project in new[] { "Text", "Models", "Translation" })
        {
            Run(root, [], "pack", $"src/Llamax.{project}", "-o", packages, $"-p:Version={version}", "-v", "q");
        }

        var program = folder.File("Translate");
        Run(folder.Path, [], "new", "console", "-o", program);
        Run(program, [], "new", "nugetconfig");
        Run(program, [], "nuget", "add", "source", packages, "-n", "llamax", "--configfile", "nuget.config");
        Run(program, [], "add", "package", "Llamax.Translation", "--version", version);
        File.WriteAllText(Path.Combine(program, "Program.cs"), Example(File.ReadAllText(Path.Combine(root, "docs", "library.md"))));

        var printed = Run(program, [("LLAMAX_LIBTORCH", LibTorch.Directory)], "run", "--", MakeModel(folder.File("model")));
        Assert.Contains("The cat sees the bird. → ", printed);
        Assert.Contains("12:30 → 12:30\n  PassedThrough: no letters\n", printed);
    }

    private static string MakeModel(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Copy(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"), Path.Combine(folder, "tokenizer.model"));
        using var model = new CausalLanguageModel(TinyConfig.WithVocabulary(TokenizerFolder.Load(folder).VocabularySize));
        model.InitializeWeights(new RandomStream(7, "weights"));
        ModelFolder.Save(model, folder);
        return folder;
    }

    private static string Example(string document) => Blocks().Match(document).Groups["code"].Value;

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Llamax.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not lie in the repository.");
        }

        return folder;
    }

    private static string Run(string folder, (string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("CI"); // The new project has no lock file.
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {output}{errors.Result}");
        return output;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();
}
