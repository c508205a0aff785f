using Llamax.Corpora.Readers;
using Llamax.Text.Languages;

namespace Llamax.Evaluation.Matrix;

/// <summary>The files of a multi-way test set, one per language, found by a pattern with <c>{language}</c> in it.</summary>
public sealed class TestSetFiles
{
    /// <summary>What stands for the language's code in a pattern.</summary>
    public const string Placeholder = "{language}";

    private readonly string name;
    private readonly Dictionary<string, TextFile> files = [];

    /// <summary>Finds the files.</summary>
    /// <param name="pattern">
    /// For example <c>test.{language}.txt</c> or <c>flores101.tar.gz!devtest/{language}.devtest</c>. Any of a language's
    /// codes may stand in the place of <c>{language}</c>; files whose code is unknown are passed over.
    /// </param>
    /// <exception cref="LlamaxException">The pattern has no <c>{language}</c>, or fewer than two languages are found.</exception>
    public TestSetFiles(string pattern)
    {
        name = pattern;
        var parts = pattern.Split(Placeholder);
        if (parts.Length != 2)
        {
            throw new LlamaxException($"{pattern}: write {Placeholder} once, where the languages' codes stand in the names of the files, for example test.{Placeholder}.txt.");
        }

        foreach (var file in TextFile.Find($"{parts[0]}*{parts[1]}"))
        {
            var start = file.Name.Length - parts[1].Length;
            var code = file.Name.EndsWith(parts[1], StringComparison.Ordinal) && file.Name.StartsWith(parts[0], StringComparison.Ordinal) && start >= parts[0].Length
                ? file.Name[parts[0].Length..start]
                : "";
            if (LanguageRegistry.Default.Find(code) is { } language && !files.TryAdd(language.Code, file))
            {
                throw new LlamaxException($"{pattern}: both {files[language.Code].Name} and {file.Name} are {language.Name}.");
            }
        }

        if (files.Count < 2)
        {
            throw new LlamaxException($"{pattern}: files of {files.Count} known languages were found, and two are needed. `llamax languages` lists the codes.");
        }
    }

    /// <summary>The languages found, in the registry's order.</summary>
    public IReadOnlyList<string> Languages => [.. LanguageRegistry.Default.All.Select(language => language.Code).Where(files.ContainsKey)];

    /// <summary>Reads the files of some of the languages.</summary>
    /// <param name="languages">Their codes.</param>
    /// <exception cref="LlamaxException">A file cannot be read, or they differ in length.</exception>
    public TestSet Read(IEnumerable<string> languages) =>
        new(name, languages.Distinct().ToDictionary(code => code, IReadOnlyList<string> (code) => [.. LineReader.Read(files[code])]));
}
