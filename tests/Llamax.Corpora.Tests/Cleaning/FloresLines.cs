using Llamax.Corpora.Readers;
using Llamax.Testing;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Tests.Cleaning;

/// <summary>FLORES-101, where it is there.</summary>
internal static class FloresLines
{
    public static Dictionary<string, List<string>> Dev() => Read("dev");

    public static Dictionary<string, List<string>> Devtest() => Read("devtest");

    public static IReadOnlyList<TextFile> Files(string part)
    {
        var archive = Shared.Path("data/flores/flores101_dev_devtest.tar.gz");
        Assert.SkipUnless(File.Exists(archive), "no FLORES-101 here");
        return TextFile.Find($"{archive}!*/{part}/*.{part}");
    }

    private static Dictionary<string, List<string>> Read(string part) => TextFile.Load(Files(part)).ToDictionary(
        file => LanguageRegistry.Default.Get(file.Name.Split('/')[^1].Split('.')[0]).Code, file => LineReader.Read(file).Select(line => line.Trim()).ToList());
}
