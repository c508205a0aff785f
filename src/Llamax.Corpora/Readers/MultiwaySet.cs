namespace Llamax.Corpora.Readers;

/// <summary>
/// Line-aligned files, one per language: line n of each says the same. The lines are read at first need and kept, since
/// every pair of the languages is read from them. Thread-safe.
/// </summary>
public sealed class MultiwaySet
{
    private readonly SortedDictionary<string, TextFile> files = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyDictionary<string, string[]>> lines;

    /// <summary>Finds the files.</summary>
    /// <param name="files">Path by language code.</param>
    /// <param name="key">The recipe's key that holds the paths, for messages; may be empty.</param>
    /// <exception cref="LlamaxException">A file is missing, or there are fewer than two.</exception>
    public MultiwaySet(IReadOnlyDictionary<string, string> files, string key = "")
    {
        foreach (var (language, path) in files)
        {
            this.files.Add(language, TextFile.FindOne(path, key.Length == 0 ? "" : $"{key}.{language}"));
        }

        if (files.Count < 2)
        {
            throw new LlamaxException($"{(key.Length == 0 ? "" : key + ": ")}a set of parallel files needs at least two languages, this one has {files.Count}.");
        }

        lines = new(Load);
    }

    /// <summary>The languages, sorted.</summary>
    public IReadOnlyCollection<string> Languages => files.Keys;

    /// <summary>
    /// The pairs of two of the languages, in the order of the lines, without white space around the sentences. A pair
    /// with an empty side is left out.
    /// </summary>
    /// <param name="source">One of <see cref="Languages"/>.</param>
    /// <param name="target">Another one.</param>
    /// <exception cref="LlamaxException">The files do not have equally many lines, or cannot be read.</exception>
    public IEnumerable<SentencePair> Pairs(string source, string target) => lines.Value[source]
        .Zip(lines.Value[target], (left, right) => new SentencePair(source, target, left, right))
        .Where(pair => pair.Source.Length > 0 && pair.Target.Length > 0);

    private Dictionary<string, string[]> Load()
    {
        var read = files.ToDictionary(file => file.Key, file => LineReader.Read(file.Value).Select(line => line.Trim()).ToArray());
        var (first, count) = (files.First().Value, read[files.First().Key].Length);
        foreach (var (language, file) in files)
        {
            if (read[language].Length != count)
            {
                throw new LlamaxException(
                    $"{file.Name} has {read[language].Length} lines, but {first.Name} has {count}. Line-aligned files need as many lines each.");
            }
        }

        return read;
    }
}
