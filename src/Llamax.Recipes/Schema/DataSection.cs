using System.ComponentModel.DataAnnotations;
using Llamax.Corpora.Building;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
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

    /// <summary>
    /// Text of the fresh base model, by language: plain text, one document a line, JSON lines, Alpaca files, Parquet. The key
    /// <c>*</c> stands for all languages of the run, with <c>{lang}</c> in the path where the files have the language's code.
    /// </summary>
    [LanguageCodes(Wildcard = true)]
    public IReadOnlyDictionary<string, IReadOnlyList<CorpusFile>> BaseText { get; init; } = new Dictionary<string, IReadOnlyList<CorpusFile>>();

    /// <summary>Monolingual text of continual pre-training, as <see cref="BaseText"/>.</summary>
    [LanguageCodes(Wildcard = true)]
    public IReadOnlyDictionary<string, IReadOnlyList<CorpusFile>> Monolingual { get; init; } = new Dictionary<string, IReadOnlyList<CorpusFile>>();

    /// <summary>
    /// Sentence pairs, by pair of languages: tables, TMX, JSON lines, Parquet; or line-aligned files, with <c>{lang}</c> in
    /// the path. The key <c>*</c> stands for all pairs of the run's languages, with <c>{pair}</c> in the path.
    /// </summary>
    [LanguageCodes(Pairs = true, Wildcard = true)]
    public IReadOnlyDictionary<string, IReadOnlyList<CorpusFile>> Parallel { get; init; } = new Dictionary<string, IReadOnlyList<CorpusFile>>();

    /// <summary>
    /// Sets in more than two languages, every two of which are a parallel corpus: line-aligned files, one per language, or
    /// with the key <c>*</c> and <c>{lang}</c> in the path; or with the key <c>*</c> a table of all languages.
    /// </summary>
    [LanguageCodes(Wildcard = true)]
    public IReadOnlyList<IReadOnlyDictionary<string, CorpusFile>> Multiway { get; init; } = [];

    /// <summary>Dictionaries in MUSE format by their direction, <c>en-fr</c>.</summary>
    [LanguageCodes(Pairs = true)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Dictionaries { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>A lexicon that <c>llamax lexicon build</c> made, instead of dictionaries; its hops and fan-out are its own.</summary>
    public string? Lexicon { get; init; }

    /// <summary>English text for pseudo-parallel data and who translates it; none where left out.</summary>
    public PseudoSection? PseudoFrom { get; init; }

    /// <summary>How languages without spaces are cut into words that the dictionaries are asked for.</summary>
    [LanguageCodes]
    public IReadOnlyDictionary<string, SegmentationSection> Segmentation { get; init; } = new Dictionary<string, SegmentationSection>();

    /// <summary>Test sets that are kept out of the training data, by the benchmark's name: text, TSV or JSON.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Decontaminate { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

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

    /// <summary>The run's languages: what patterns in paths stand for.</summary>
    internal IReadOnlyCollection<string> Languages { get; init; } = [];

    /// <summary>The full path of a path of this section; what stands behind a <c>!</c> stays.</summary>
    /// <param name="path">As the recipe has it.</param>
    public string Resolve(string path) => Path.Combine(Root, path);

    /// <summary>The files that a path of this section names.</summary>
    /// <param name="path">As the recipe has it, with or without wildcards.</param>
    /// <param name="key">The key that holds it, for messages.</param>
    /// <exception cref="LlamaxException">There is none.</exception>
    internal IReadOnlyList<TextFile> Find(string path, string key) => LanguageFiles.IsPattern(path)
        ? [.. new LanguageFiles(Resolve(path), Languages, key).Files.OrderBy(each => each.Key, StringComparer.Ordinal).SelectMany(each => each.Value)]
        : TextFile.Find(Resolve(path), key);

    /// <summary>Every file that the section names: the key that names it and its path as written.</summary>
    internal IEnumerable<(string Key, string Path)> Files() =>
        Named(nameof(BaseText), Paths(BaseText))
            .Concat(Named(nameof(Monolingual), Paths(Monolingual)))
            .Concat(Named(nameof(Parallel), Paths(Parallel)))
            .Concat(Multiway.SelectMany((set, i) => set.Select(file => ($"data.multiway[{i}].{file.Key}", file.Value.Path))))
            .Concat(Named(nameof(Decontaminate), Decontaminate))
            .Concat(Named(nameof(Dictionaries), Dictionaries))
            .Concat(Lexicon is null ? [] : [("data.lexicon", Lexicon)])
            .Concat((PseudoFrom?.Text ?? []).Select((file, i) => ($"data.pseudo_from.text[{i}]", file.Path)))
            .Concat(Segmentation.SelectMany(each => each.Value.Files().Select(file => ($"{SegmentationPrefix}{each.Key}.{file.Key}", file.Path))))
            .Concat(Instructions.Select((file, i) => ($"data.instructions[{i}]", file)))
            .Concat(Test.Select(file => ($"{TestPrefix}{file.Key}", file.Value)));

    /// <summary>How the files of corpora are read, by the key that names them: what the hashes of the files do not say.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Readings() =>
        new[] { (nameof(BaseText), BaseText), (nameof(Monolingual), Monolingual), (nameof(Parallel), Parallel) }
            .SelectMany(group => group.Item2.SelectMany(each => each.Value.Select((file, i) => ($"data.{RecipeKeys.Snake(group.Item1)}.{each.Key}[{i}]", file))))
            .Concat(Multiway.SelectMany((set, i) => set.Select(file => ($"data.multiway[{i}].{file.Key}", file.Value))))
            .Concat((PseudoFrom?.Text ?? []).Select((file, i) => ($"data.pseudo_from.text[{i}]", file)))
            .Select(each => KeyValuePair.Create(
                $"{each.Item1}, read as", $"{each.Item2.Reading} {string.Join(' ', Find(each.Item2.Path, each.Item1).Select(file => RecordSources.Resolve(file, each.Item2.Format)).Distinct())}"));

    private static Dictionary<string, IReadOnlyList<string>> Paths(IReadOnlyDictionary<string, IReadOnlyList<CorpusFile>> files) =>
        files.ToDictionary(each => each.Key, each => (IReadOnlyList<string>)[.. each.Value.Select(file => file.Path)]);

    private static IEnumerable<(string Key, string Path)> Named(string property, IReadOnlyDictionary<string, IReadOnlyList<string>> files) =>
        files.SelectMany(each => each.Value.Select((file, i) => ($"data.{RecipeKeys.Snake(property)}.{each.Key}[{i}]", file)));
}
