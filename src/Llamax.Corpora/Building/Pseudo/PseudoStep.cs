using System.Text.Json;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Pseudo;

/// <summary>The part of Algorithm 1 between counting and encoding: pseudo-parallel pairs for languages with few pairs.</summary>
/// <param name="source">Where the sentences come from and who translates.</param>
/// <param name="options">The numbers of Algorithm 1.</param>
/// <param name="cleaner">Cleans the records as it did when they were scanned.</param>
/// <param name="build">Seed, threads, processes.</param>
internal sealed class PseudoStep(PseudoSource source, DataOptions options, Cleaner cleaner, BuildOptions build)
{
    private const string MissingFile = "missing.json";

    /// <summary>After <see cref="Run"/>: by language what is missing of its pairs and why, in the words of a manifest.</summary>
    public IReadOnlyDictionary<string, long> Missing { get; private set; } = new Dictionary<string, long>();

    /// <summary>Chooses sentences, translates them and gives the pairs as units.</summary>
    /// <param name="real">The units of the corpora, scanned.</param>
    /// <param name="english">The units of the English text, scanned.</param>
    /// <param name="work">A folder for what is made.</param>
    /// <param name="cancellationToken">Ends the work; finished translations are kept.</param>
    public IReadOnlyList<WorkUnit> Run(
        IReadOnlyList<(WorkUnit Unit, UnitScan Scan, string Folder)> real,
        IReadOnlyList<(WorkUnit Unit, UnitScan Scan, string Folder)> english,
        string work,
        CancellationToken cancellationToken)
    {
        build.Share.Wait();
        var pairs = new PseudoPairs(source, build);
        build.Share.Do(
            1,
            _ => work,
            (_, folder) =>
            {
                build.Progress?.Report(new BuildProgress("choosing sentences to translate", 0, 0, "sentences"));
                var (chosen, missing) = Choose(real, english, Path.Combine(folder, "scratch"), cancellationToken);
                pairs.WriteLines(chosen, unit => english[unit].Unit, cleaner, folder, cancellationToken);
                AtomicFile.Write(Path.Combine(folder, MissingFile), stream => JsonSerializer.Serialize(stream, missing));
            },
            ownOnly: false,
            cancellationToken);
        build.Share.Wait();
        var made = pairs.Translate(work, cancellationToken);
        Missing = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(Path.Combine(work, MissingFile)))!
            .Select(each => KeyValuePair.Create($"pseudo-parallel pairs of {each.Key} for which there is no English sentence", each.Value))
            .Concat(ByLanguage(made.Select(unit => KeyValuePair.Create(unit.Groups[0].Name, PseudoPairs.Empty(unit))), "of which the model gave nothing")).ToDictionary();
        return made;
    }

    /// <summary>By language how many of its pairs cleaning left out, in the words of a manifest.</summary>
    /// <param name="made">The units of pairs, scanned.</param>
    public static IEnumerable<KeyValuePair<string, long>> Cleaned(IEnumerable<(WorkUnit Unit, UnitScan Scan, string Folder)> made) => ByLanguage(
        made.Select(each => KeyValuePair.Create(each.Unit.Groups[0].Name, PseudoPairs.Count(each.Unit) - each.Scan.GroupRecords[0])), "that cleaning left out");

    /// <summary>A pair counts for both of its languages: neither has it.</summary>
    private static IEnumerable<KeyValuePair<string, long>> ByLanguage(IEnumerable<KeyValuePair<string, long>> pairs, string what) => pairs
        .Where(pair => pair.Value > 0).SelectMany(pair => pair.Key.Split('-').Select(language => (language, pair.Value)))
        .GroupBy(each => each.language, each => each.Value).Select(each => KeyValuePair.Create($"pseudo-parallel pairs of {each.Key} {what}", each.Sum()));

    private (IReadOnlyDictionary<(int Unit, long Place), List<string>> Chosen, IReadOnlyDictionary<string, long> Missing) Choose(
        IReadOnlyList<(WorkUnit Unit, UnitScan Scan, string Folder)> real,
        IReadOnlyList<(WorkUnit Unit, UnitScan Scan, string Folder)> english,
        string scratch,
        CancellationToken cancellationToken)
    {
        const string Sentences = "sentences";
        // The pairs count as they do when it is decided what enters, the English sentences each once.
        var all = real.Concat(english).ToList();
        var isNear = NearPlaces.Find(all, options.Cleaning.NearDuplicates, scratch, cancellationToken);
        var selection = new RecordSelection(
            KeyMerge.Read([.. all.Select(unit => KeyRuns.Files(unit.Folder).ToList())], scratch),
            [.. all.Select((unit, i) => (unit.Scan.Places, (IReadOnlyList<string>)[.. unit.Unit.Groups.Select(group => i < real.Count ? group.Name : Sentences)]))],
            _ => long.MaxValue,
            dropsEqual: unit => unit >= real.Count || options.Cleaning.Duplicates, // A sentence of the monolingual text too is a duplicate here: the two are disjoint.
            isNear,
            cancellationToken);
        var counts = selection.Groups.Where(group => group.Key.Contains('-', StringComparison.Ordinal)).ToDictionary(group => group.Key, group => group.Value.Distinct);
        var sentences = KeyMerge.Read([.. english.Select(unit => KeyRuns.Files(unit.Folder).ToList())], scratch)
            .Where(key => selection.Of(real.Count + key.Unit).Contains(key.Key.Index));
        return new PseudoSelection(source.Languages, options.Pseudo.Below, build.Seed).Choose(counts, sentences);
    }
}
