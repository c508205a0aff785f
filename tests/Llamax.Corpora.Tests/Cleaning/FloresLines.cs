using Llamax.Corpora.Readers;
using Llamax.Testing;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Tests.Cleaning;

/// <summary>FLORES-101, where it is there; unpacked once for all tests.</summary>
internal static class FloresLines
{
    private static readonly Lazy<IReadOnlyList<TextFile>> Loaded = new(() =>
    {
        var archive = Shared.Path("data/flores/flores101_dev_devtest.tar.gz");
        return TextFile.Load([.. new[] { "dev", "devtest" }.SelectMany(part => TextFile.Find($"{archive}!*/{part}/*.{part}"))]);
    });

    /// <summary>By language, the lines of a part.</summary>
    public static Dictionary<string, List<string>> Lines(string part) => Files(part).ToDictionary(
        file => LanguageRegistry.Default.Get(file.Name.Split('/')[^1].Split('.')[0]).Code, file => LineReader.Read(file).Select(line => line.Trim()).ToList());

    /// <summary>The files of a part: dev or devtest.</summary>
    public static IReadOnlyList<TextFile> Files(string part)
    {
        Shared.Path("data/flores/flores101_dev_devtest.tar.gz"); // Skips the test where it is absent.
        return [.. Loaded.Value.Where(file => file.HasExtension("." + part))];
    }
}
