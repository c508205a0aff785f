using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Recipes.Schema;
using Llamax.Recipes.Yaml;
using Llamax.Text.Files;

namespace Llamax.Recipes.Stages;

/// <summary>The files of a recipe's data section as units of work.</summary>
/// <param name="data">The section.</param>
/// <param name="options">How files are read.</param>
internal sealed class DataUnits(DataSection data, ReadingOptions options)
{
    private const long MostUnpacked = 256L << 30;

    private readonly Dictionary<string, HashSet<string>> unpacked = new(StringComparer.Ordinal); // Members by archive.
    private readonly SortedSet<string> unknown = new(StringComparer.Ordinal);
    private readonly SortedSet<string> severalNames = new(StringComparer.Ordinal);
    private readonly SortedSet<string> leftAlone = new(StringComparer.Ordinal);

    /// <summary>Names in the place of a language's code that are none, with the nearest code; found so far.</summary>
    public IReadOnlyCollection<string> Unknown => unknown;

    /// <summary>Languages whose files have several names for them, which are read as one language; found so far.</summary>
    public IReadOnlyCollection<string> SeveralNames => severalNames;

    /// <summary>Columns of tables that are not read because another one has the language's own code; found so far.</summary>
    public IReadOnlyCollection<string> LeftAlone => leftAlone;

    /// <summary>Texts by language.</summary>
    /// <param name="texts">One of the section's groups of texts.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="LlamaxException">A file is missing, or its format is not one of texts.</exception>
    public IReadOnlyList<WorkUnit> Texts(IReadOnlyDictionary<string, IReadOnlyList<CorpusFile>> texts, string key) =>
    [
        .. from each in texts
           from corpus in each.Value
           from found in Found(each.Key, corpus.Path, $"{key}.{each.Key}")
           from file in found.Files
           select Unit(RecordSources.Texts(file, found.Code, corpus.Format, corpus.Field, options), corpus, file),
    ];

    /// <summary>Sentence pairs and multi-way sets.</summary>
    /// <exception cref="LlamaxException">A file is missing, or its format is not one of translations.</exception>
    public IReadOnlyList<WorkUnit> Translations() =>
    [
        .. data.Parallel.SelectMany(each => each.Value.SelectMany(corpus => Pairs(each.Key, corpus, $"data.parallel.{each.Key}"))),
        .. data.Multiway.SelectMany((set, i) => Multiway(set, $"data.multiway[{i}]")),
    ];

    private IEnumerable<(string Code, IReadOnlyList<TextFile> Files)> Found(string language, string path, string key)
    {
        if (!LanguageFiles.IsPattern(path))
        {
            return language == LanguageCodesAttribute.All
                ? throw new LlamaxException($"{key}: {path}: '*' stands for all languages, so the path needs {LanguageFiles.Language} in the place of the code.")
                : [(language, data.Find(path, key))];
        }

        var files = new LanguageFiles(data.Resolve(path), language == LanguageCodesAttribute.All ? data.Languages : [language], key);
        Remember(files);
        return files.Files.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => (each.Key, each.Value));
    }

    private void Remember(LanguageFiles files)
    {
        unknown.UnionWith(files.Unknown);
        severalNames.UnionWith(files.SeveralNames);
    }

    private IEnumerable<WorkUnit> Pairs(string pair, CorpusFile corpus, string key)
    {
        if (pair != LanguageCodesAttribute.All)
        {
            var languages = pair.Split('-'); // As written: a table's columns come in this order.
            if (corpus.Path.Contains(LanguageFiles.Pair, StringComparison.Ordinal))
            {
                throw new LlamaxException($"{key}: {corpus.Path}: {LanguageFiles.Pair} stands for any pair, and this key is for {pair}. Write the two codes, or '*' as the key.");
            }

            if (!corpus.Path.Contains(LanguageFiles.Language, StringComparison.Ordinal))
            {
                return data.Find(corpus.Path, key).Select(file => Table(file, languages, corpus));
            }

            var files = new LanguageFiles(data.Resolve(corpus.Path), languages, key).Files;
            return Aligned([.. languages.Select(language => files.GetValueOrDefault(language) ?? [])], languages, corpus, key);
        }

        if (!corpus.Path.Contains(LanguageFiles.Pair, StringComparison.Ordinal))
        {
            throw new LlamaxException($"{key}: {corpus.Path}: '*' stands for all pairs, so the path needs {LanguageFiles.Pair} in the place of the two codes.");
        }

        var all = new LanguageFiles(data.Resolve(corpus.Path), data.Languages, key);
        Remember(all);
        return all.Files.OrderBy(each => each.Key, StringComparer.Ordinal).SelectMany(each =>
        {
            var languages = each.Key.Split('-');
            return corpus.Path.Contains(LanguageFiles.Language, StringComparison.Ordinal)
                ? Aligned([.. languages.Select(language => each.Value.Where(file => all.LanguageOf(file) == language).ToList())], languages, corpus, $"{key} ({each.Key})")
                : each.Value.Select(file => Table(file, all.CodesIn(file), corpus));
        });
    }

    private IEnumerable<WorkUnit> Multiway(IReadOnlyDictionary<string, CorpusFile> set, string key)
    {
        if (!set.TryGetValue(LanguageCodesAttribute.All, out var all))
        {
            string[] languages = [.. set.Keys.Order(StringComparer.Ordinal)];
            if (Array.Find(languages, language => LanguageFiles.IsPattern(set[language].Path)) is { } pattern)
            {
                throw new LlamaxException(
                    $"{key}.{pattern}: {set[pattern].Path}: {LanguageFiles.Language} stands for any language, and this key is for {pattern}. Write the code, or '*' as the only key of the set.");
            }

            return Aligned([.. languages.Select(language => data.Find(set[language].Path, $"{key}.{language}"))], languages, set[languages[0]], key);
        }

        if (all.Path.Contains(LanguageFiles.Language, StringComparison.Ordinal))
        {
            var found = Found(LanguageCodesAttribute.All, all.Path, key).ToList();
            return found.Count >= 2 ? Aligned([.. found.Select(each => each.Files)], [.. found.Select(each => each.Code)], all, key) : throw new LlamaxException(
                $"{key}: {all.Path}: files of {found.Count} of the run's languages match, and a parallel corpus needs two. {string.Join(", ", unknown)}".TrimEnd());
        }

        return data.Find(all.Path, key).Select(file => Table(file, RecordSources.LanguagesOf(file, all.Format, [.. data.Languages.Order(StringComparer.Ordinal)]), all));
    }

    /// <summary>Files side by side: the first of each language, the second of each, and so on by name.</summary>
    private List<WorkUnit> Aligned(IReadOnlyList<IReadOnlyList<TextFile>> files, IReadOnlyList<string> languages, CorpusFile corpus, string key)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i].Count != files[0].Count || files[i].Count == 0)
            {
                throw new LlamaxException(
                    $"{key}: {files[i].Count} files for {languages[i]}, {files[0].Count} for {languages[0]}. Line-aligned corpora need one file per language.");
            }
        }

        return
        [
            .. Enumerable.Range(0, files[0].Count).Select(i =>
            {
                TextFile[] aligned = [.. files.Select(each => each[i])];
                return Unit(new AlignedTextReader(aligned, languages, options), corpus, aligned);
            }),
        ];
    }

    private WorkUnit Table(TextFile file, IReadOnlyList<string> languages, CorpusFile corpus)
    {
        var reader = RecordSources.Translations(file, languages, corpus.Format, corpus.Columns.Count > 0 ? corpus.Columns : null, options);
        leftAlone.UnionWith((reader as DelimitedReader)?.LeftAlone.Select(column => $"{column} ({file.Name})") ?? []);
        return Unit(reader, corpus, file);
    }

    private WorkUnit Unit(RecordReader reader, CorpusFile corpus, params IReadOnlyList<TextFile> files)
    {
        if (files is [{ NeedsUnpacking: true } member])
        {
            CountUnpacking(member);
        }

        return new WorkUnit(
            reader, files, $"{corpus.Reading} {RecordSources.Resolve(files[0], corpus.Format)} {options.InvalidUtf8} {string.Join(' ', files.Select(file => file.Name[file.DiskPath.Length..]))}");
    }

    /// <summary>A packed archive is unpacked up to each of its files that is read by itself: many files of a large one would take days.</summary>
    private void CountUnpacking(TextFile member)
    {
        if (!unpacked.TryGetValue(member.DiskPath, out var members))
        {
            unpacked[member.DiskPath] = members = new HashSet<string>(StringComparer.Ordinal);
        }

        members.Add(member.Name);
        var size = File.Exists(member.DiskPath) ? FileStamp.Of(member.DiskPath).Length : 0;
        if ((members.Count - 1) * size > MostUnpacked)
        {
            throw new LlamaxException(
                $"{member.DiskPath}: a packed archive is unpacked anew for each of its files, and so many are read of this one that more than {MostUnpacked >> 30} GiB would be. "
                + "Unpack it and name the files, FOLDER/*.txt.");
        }
    }
}
