using System.Text;
using System.Text.Json;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Pseudo;

/// <summary>Makes files of sentence pairs from English sentences that were chosen, and units of the files.</summary>
/// <param name="source">Where the sentences come from and who translates.</param>
/// <param name="build">Seed, threads, processes.</param>
internal sealed class PseudoPairs(PseudoSource source, BuildOptions build)
{
    private const string English = "en";
    private const string LinesFile = "lines.jsonl";
    private const string PairsFile = "pairs.jsonl";
    private const string EmptyFile = "empty.json";

    /// <summary>Writes down the chosen sentences, in an order that depends on their contents only.</summary>
    /// <param name="chosen">By unit and place the pairs that a sentence is for.</param>
    /// <param name="unitOf">A unit by its number.</param>
    /// <param name="cleaner">Cleans the records as it did when they were scanned.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void WriteLines(
        IReadOnlyDictionary<(int Unit, long Place), List<string>> chosen, Func<int, WorkUnit> unitOf, Cleaner cleaner, string folder,
        CancellationToken cancellationToken)
    {
        var lines = new List<Line>(chosen.Count);
        foreach (var unit in chosen.Keys.Select(key => key.Unit).Distinct().Order())
        {
            var found = UnitPass.Run(
                unitOf(unit), cleaner, build.Threads,
                (batch, _) => Enumerable.Range(0, batch.Count)
                    .Where(record => chosen.ContainsKey((unit, UnitScan.Place(batch.Number(record), 1, 0))))
                    .Select(record => Make(batch[record, 0], chosen[(unit, UnitScan.Place(batch.Number(record), 1, 0))])).ToList(),
                new BadRecords(), cancellationToken);
            lines.AddRange(found.SelectMany(each => each));
        }

        lines.Sort((a, b) => string.CompareOrdinal(a.Hash, b.Hash));
        AtomicFile.Write(Path.Combine(folder, LinesFile), stream =>
        {
            foreach (var line in lines)
            {
                JsonSerializer.Serialize(stream, line);
                stream.WriteByte((byte)'\n');
            }
        }, cancellationToken);
    }

    /// <summary>Translates what is needed into each language, and gives the pairs as units.</summary>
    /// <param name="work">The folder of <see cref="WriteLines"/>.</param>
    /// <param name="cancellationToken">Ends the work; finished translations are kept.</param>
    public IReadOnlyList<WorkUnit> Translate(string work, CancellationToken cancellationToken)
    {
        List<Line> lines = [.. File.ReadLines(Path.Combine(work, LinesFile)).Select(line => JsonSerializer.Deserialize<Line>(line)!)];
        string[] pairs = [.. lines.SelectMany(line => line.Pairs).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string[] targets = [.. pairs.SelectMany(pair => pair.Split('-')).Where(language => language != English).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var done = 0L;
        var total = targets.Sum(target => lines.LongCount(line => line.IsFor(target)));
        build.Share.Do(
            targets.Length,
            number => Path.Combine(work, $"to-{targets[number]}"),
            (number, folder) => TranslateInto(targets[number], [.. lines.Where(line => line.IsFor(targets[number]))], folder, count =>
                build.Progress?.Report(new BuildProgress($"translating into {targets[number]}", done += count, total, "sentences")), cancellationToken),
            ownOnly: false,
            cancellationToken);
        build.Share.Wait();
        build.Share.Do(
            pairs.Length, number => Path.Combine(work, pairs[number]), (number, folder) => WritePairs(pairs[number], lines, work, folder), ownOnly: false, cancellationToken);
        return [.. pairs.Select(pair => Unit(Path.Combine(work, pair, PairsFile), pair.Split('-')))];
    }

    /// <summary>How many pairs are none, of those that a unit was to hold, because the model gave nothing.</summary>
    public static long Empty(WorkUnit made) => Path.Combine(Path.GetDirectoryName(made.Files[0].DiskPath)!, EmptyFile) is var file && File.Exists(file)
        ? JsonSerializer.Deserialize<long>(File.ReadAllBytes(file))
        : 0; // Made by an earlier version, which did not count.

    /// <summary>How many pairs a unit of pairs holds.</summary>
    public static long Count(WorkUnit made) => File.ReadLines(made.Files[0].DiskPath).LongCount();

    private static Line Make(ReadOnlySpan<byte> text, List<string> pairs) =>
        new(Convert.ToHexStringLower(System.IO.Hashing.XxHash128.Hash(text)), Encoding.UTF8.GetString(text), [.. pairs.Order(StringComparer.Ordinal)]);

    private static WorkUnit Unit(string path, string[] languages)
    {
        var file = TextFile.FindOne(path);
        return new WorkUnit(new JsonPairReader(file, languages, new ReadingOptions()), [file], "pseudo") { IsPseudo = true };
    }

    private void TranslateInto(string target, List<Line> lines, string folder, Action<int> progress, CancellationToken cancellationToken)
    {
        using var store = new TranslationStore(source.Folder, $"{English}-{target}");
        foreach (var batch in lines.Where(line => store.Find(line.Key) is null).DistinctBy(line => line.Key).Chunk(source.BatchSentences))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var texts = source.Translate([.. batch.Select(line => line.Text)], English, target, cancellationToken);
            if (texts.Count != batch.Length)
            {
                throw new InvalidOperationException($"{batch.Length} sentences were given to the translation model, {texts.Count} came back");
            }

            store.Add(batch.Zip(texts, (line, text) => (line.Key, text)));
            progress(batch.Length);
        }

        AtomicFile.Write(Path.Combine(folder, "translations.jsonl"), stream =>
        {
            foreach (var line in lines)
            {
                JsonSerializer.Serialize(stream, store.Find(line.Key)!);
                stream.WriteByte((byte)'\n');
            }
        }, cancellationToken);
    }

    private static void WritePairs(string pair, List<Line> lines, string work, string folder)
    {
        var languages = pair.Split('-');
        using var first = Sentences(languages[0], pair, lines, work).GetEnumerator();
        using var second = Sentences(languages[1], pair, lines, work).GetEnumerator();
        var empty = 0L;
        AtomicFile.Write(Path.Combine(folder, PairsFile), stream =>
        {
            while (first.MoveNext() && second.MoveNext())
            {
                if (string.IsNullOrWhiteSpace(first.Current) || string.IsNullOrWhiteSpace(second.Current))
                {
                    empty++; // The model gave nothing.
                    continue;
                }

                JsonSerializer.Serialize(stream, new Dictionary<string, Dictionary<string, string>>
                {
                    ["translation"] = new() { [languages[0]] = first.Current, [languages[1]] = second.Current },
                });
                stream.WriteByte((byte)'\n');
            }
        });
        AtomicFile.Write(Path.Combine(folder, EmptyFile), stream => JsonSerializer.Serialize(stream, empty));
    }

    /// <summary>One side of the pairs.</summary>
    private static IEnumerable<string> Sentences(string language, string pair, List<Line> lines, string work)
    {
        if (language == English)
        {
            return lines.Where(line => line.Pairs.Contains(pair)).Select(line => line.Text);
        }

        return lines.Where(line => line.IsFor(language))
            .Zip(File.ReadLines(Path.Combine(work, $"to-{language}", "translations.jsonl")), (line, text) => (Line: line, Text: text))
            .Where(each => each.Line.Pairs.Contains(pair)).Select(each => JsonSerializer.Deserialize<string>(each.Text)!);
    }

    /// <summary>A sentence and the pairs that it is translated for.</summary>
    internal sealed record Line(string Hash, string Text, IReadOnlyList<string> Pairs)
    {
        private readonly HashSet<string> languages = [.. Pairs.SelectMany(pair => pair.Split('-'))];

        [System.Text.Json.Serialization.JsonIgnore]
        public UInt128 Key => UInt128.Parse(Hash, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);

        public bool IsFor(string language) => languages.Contains(language);
    }
}
