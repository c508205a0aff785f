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
    /// <param name="atLeast">How many languages are needed.</param>
    /// <exception cref="LlamaxException">The pattern has no <c>{language}</c>, or too few languages are found.</exception>
    public TestSetFiles(string pattern, int atLeast = 2)
    {
        name = pattern;
        var parts = TextFile.Normalize(pattern).Split(Placeholder);
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

        if (files.Count < atLeast)
        {
            throw new LlamaxException($"{pattern}: files of {files.Count} known languages were found, and {(atLeast == 1 ? "one is" : "two are")} needed. `llamax languages` lists the codes.");
        }
    }

    /// <summary>The languages found, in the registry's order.</summary>
    public IReadOnlyList<string> Languages => [.. LanguageRegistry.Default.All.Select(language => language.Code).Where(files.ContainsKey)];

    /// <summary>Reads the files of some of the languages.</summary>
    /// <param name="languages">Their codes.</param>
    /// <exception cref="LlamaxException">A file cannot be read, or they differ in length.</exception>
    public TestSet Read(IEnumerable<string> languages) => new(name, ReadLines(languages).ToDictionary());

    /// <summary>Reads the files of some of the languages, which need not be line-aligned; an archive is unpacked once.</summary>
    /// <param name="languages">Their codes.</param>
    /// <returns>Code → lines, in the order of the codes.</returns>
    /// <exception cref="LlamaxException">A language has no file, or a file cannot be read.</exception>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> ReadLines(IEnumerable<string> languages)
    {
        var codes = languages.Distinct().ToList();
        var missing = codes.Find(code => !files.ContainsKey(code));
        if (missing is not null)
        {
            throw new LlamaxException($"{name}: there is no file of the language '{missing}'. There are {string.Join(", ", Languages)}.");
        }

        return [.. codes.Zip(TextFile.Load([.. codes.Select(code => files[code])]),
            (code, file) => KeyValuePair.Create<string, IReadOnlyList<string>>(code, [.. LineReader.Read(file)]))];
    }
}
