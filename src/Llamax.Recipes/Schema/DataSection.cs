using System.ComponentModel.DataAnnotations;
using Llamax.Corpora.Building;
using Llamax.Corpora.Readers;
using Llamax.Recipes.Yaml;

namespace Llamax.Recipes.Schema;

/// <summary>
/// The section <c>data</c>: the texts of a run and how training data are made of them. The paths start from
/// <see cref="Root"/>; <c>archive.tar.gz!inner/path</c> names a file in an archive.
/// </summary>
public sealed record DataSection
{
    internal const string TestPrefix = "data.test.";
    internal const string SegmentationPrefix = "data.segmentation.";

    /// <summary>The folder that the paths of this section start from; the recipe's folder where left out.</summary>
    [RelativePath]
    public string Root { get; init; } = "";

    /// <summary>Text of the fresh base model, by language: plain text, one document a line, or Alpaca files.</summary>
    [LanguageCodes]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> BaseText { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Monolingual text of continual pre-training, by language.</summary>
    [LanguageCodes]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Monolingual { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Line-aligned files, one per language: every two of them are a parallel corpus.</summary>
    [LanguageCodes]
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Multiway { get; init; } = [];

    /// <summary>Dictionaries in MUSE format by their direction, <c>en-fr</c>.</summary>
    [LanguageCodes(Pairs = true)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Dictionaries { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How languages without spaces are cut into words that the dictionaries are asked for.</summary>
    [LanguageCodes]
    public IReadOnlyDictionary<string, SegmentationSection> Segmentation { get; init; } = new Dictionary<string, SegmentationSection>();

    /// <summary>Instruction files in Alpaca format.</summary>
    [Required]
    public IReadOnlyList<string> Instructions { get; init; } = [];

    /// <summary>Held-out line-aligned files, one per language.</summary>
    [Required]
    [LanguageCodes]
    public IReadOnlyDictionary<string, string> Test { get; init; } = new Dictionary<string, string>();

    /// <summary>How training data are made of the texts.</summary>
    [SameLevel]
    public DataOptions Building { get; init; } = new();

    /// <summary>The full path of a path of this section; what stands behind a <c>!</c> stays.</summary>
    /// <param name="path">As the recipe has it.</param>
    public string Resolve(string path) => Path.Combine(Root, path);

    /// <summary>The files that a path of this section names.</summary>
    /// <param name="path">As the recipe has it, with or without wildcards.</param>
    /// <param name="key">The key that holds it, for messages.</param>
    /// <exception cref="LlamaxException">There is none.</exception>
    internal IReadOnlyList<TextFile> Find(string path, string key) => TextFile.Find(Resolve(path), key);

    /// <summary>Every file that the section names: the key that names it and its path as written.</summary>
    internal IEnumerable<(string Key, string Path)> Files() =>
        Named(nameof(BaseText), BaseText)
            .Concat(Named(nameof(Monolingual), Monolingual))
            .Concat(Multiway.SelectMany((set, i) => set.Select(file => ($"data.multiway[{i}].{file.Key}", file.Value))))
            .Concat(Named(nameof(Dictionaries), Dictionaries))
            .Concat(Segmentation.SelectMany(each => each.Value.Files().Select(file => ($"{SegmentationPrefix}{each.Key}.{file.Key}", file.Path))))
            .Concat(Instructions.Select((file, i) => ($"data.instructions[{i}]", file)))
            .Concat(Test.Select(file => ($"{TestPrefix}{file.Key}", file.Value)));

    private static IEnumerable<(string Key, string Path)> Named(string property, IReadOnlyDictionary<string, IReadOnlyList<string>> files) =>
        files.SelectMany(each => each.Value.Select((file, i) => ($"data.{RecipeKeys.Snake(property)}.{each.Key}[{i}]", file)));
}
