using System.Security.Cryptography;
using System.Text.Json;
using Llamax.Corpora.Building.Chunks;
using Llamax.Corpora.Building.Planning;
using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.CodeSwitching;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;
using Llamax.Corpora.Shards;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Building;

/// <summary>
/// Makes a training set by Algorithm 1, in passes: every unit is scanned; what enters is decided; the units are read again
/// and encoded in chunks, each of which has shards of its own; the shards are put together. The same sources, options and
/// seed give the same bytes, whatever the number of threads and processes, the names of files and the interruptions:
/// finished scans and chunks are kept in a folder beside the training set's, by the hashes of what they were made from,
/// until it is complete.
/// </summary>
public sealed class TrainingSetBuilder
{
    private readonly string folder;
    private readonly WorkFolder work;
    private readonly Tokenizer tokenizer;
    private readonly TokenizerStamp? stamp;
    private readonly DataOptions options;
    private readonly BuildOptions build;

    /// <summary>Prepares the building.</summary>
    /// <param name="folder">The folder that will hold the training set.</param>
    /// <param name="tokenizer">Makes the ids.</param>
    /// <param name="stamp">Says which tokenizer that is, for the manifest; may be null.</param>
    /// <param name="options">How texts become entries.</param>
    /// <param name="build">Seed, threads, processes.</param>
    /// <exception cref="LlamaxException">The folder holds something that is no training set.</exception>
    public TrainingSetBuilder(string folder, Tokenizer tokenizer, TokenizerStamp? stamp, DataOptions options, BuildOptions build)
    {
        (this.folder, this.tokenizer, this.stamp, this.options, this.build) = (folder, tokenizer, stamp, options, build);
        work = new WorkFolder(folder);
    }

    /// <summary>Does what is not done of this process's share, and completes the training set where that falls to it.</summary>
    /// <param name="sources">What to make it from.</param>
    /// <param name="switcher">Augments scarce languages; null for no augmentation.</param>
    /// <param name="cancellationToken">Ends the building so that the next goes on from there.</param>
    /// <returns>The manifest of the complete training set; null where another process completes it, or <see cref="Merge"/>.</returns>
    /// <exception cref="LlamaxException">A source cannot be read, there is not one entry, or the disk is full.</exception>
    public ShardManifest? Build(TrainingSources sources, CodeSwitcher? switcher, CancellationToken cancellationToken = default)
    {
        try
        {
            return BuildParts(sources, switcher, cancellationToken);
        }
        catch (IOException exception) when (AtomicFile.IsDiskFull(exception))
        {
            throw new LlamaxException(
                $"{folder}: the disk is full. What is finished is kept; make room and start the same command again.", exception);
        }
    }

    /// <summary>Puts together what workers have made that were started by hand.</summary>
    /// <param name="folder">The folder that will hold the training set; its workers' results lie beside it, or beside the others.</param>
    /// <param name="others">The same folder of workers that wrote elsewhere.</param>
    /// <exception cref="LlamaxException">Something is missing.</exception>
    public static ShardManifest Merge(string folder, IReadOnlyList<string> others)
    {
        WorkFolder[] all = [new WorkFolder(folder), .. others.Select(other => new WorkFolder(other))];
        var (results, plan) = (all[0], WorkFolder.OnlyPlan(all));
        if (ManifestOf(folder) is { } manifest && manifest.Fingerprint == plan.Key)
        {
            new TrainingSetFolder(folder).RemoveReplaced(); // An earlier merging came to its end here, but for this.
            results.Remove();
            return manifest;
        }

        foreach (var other in all[1..])
        {
            results.TakeFrom(other);
        }

        return new TrainingSetAssembly(folder, results, plan).Complete();
    }

    /// <summary>Whether workers have left results that are not put together.</summary>
    /// <param name="folder">The training set's folder.</param>
    public static bool IsUnfinished(string folder) => new WorkFolder(folder).Exists;

    /// <summary>Records that were left out of a training set because they could not be read.</summary>
    /// <param name="manifest">The training set's.</param>
    public static long Unreadable(ShardManifest manifest) =>
        manifest.LeftOut.Where(each => each.Key.StartsWith(Planner.Unreadable, StringComparison.Ordinal)).Sum(each => each.Value);

    /// <summary>
    /// Whether something beside training sets is unfinished work on one: it says itself what it was made from, and what still
    /// fits is taken up when sources or options have changed.
    /// </summary>
    /// <param name="name">Its name in the folder of the training sets.</param>
    public static bool IsWork(string name) =>
        name.EndsWith(WorkFolder.Suffix, StringComparison.Ordinal) || name.EndsWith(TrainingSetFolder.UnfinishedSuffix, StringComparison.Ordinal);

    /// <summary>Forgets what was decided, so that <see cref="Merge"/> puts nothing together that was made from former sources.</summary>
    /// <param name="work">A path for which <see cref="IsWork"/> is true.</param>
    public static void ForgetPlan(string work) => WorkFolder.RemovePlans(work);

    private ShardManifest? BuildParts(TrainingSources sources, CodeSwitcher? switcher, CancellationToken cancellationToken)
    {
        var cleaner = new Cleaner(options.Cleaning, sources.Benchmarks, sources.Label);
        var scanKey = $"{build.Seed} {cleaner.Fingerprint}";
        var whole = Ordered(sources.Units, scanKey);
        var tasks = Ordered(sources.Instructions);
        var again = sources.Units.Count - whole.Count + sources.Instructions.Count - tasks.Count;
        var (units, english) = (Parts(whole), Parts(Ordered(sources.Pseudo?.Units ?? [], scanKey)));
        sources = sources with { Instructions = [.. tasks.Select(task => task.File)] };
        if (again > 0)
        {
            sources = sources with { LeftOut = sources.LeftOut.Append(KeyValuePair.Create("files with the same content as another one", (long)again)).ToDictionary() };
        }

        var settings = Planner.Hash(string.Join('\n', [JsonSerializer.Serialize(options), cleaner.Fingerprint, build.Identity, stamp?.Sha256 ?? "", $"{build.Seed}"]));
        var instructions = sources.Instructions.Count == 0 ? null : Planner.Hash(string.Join('\n', [
            .. tasks.Select(task => task.Content), JsonSerializer.Serialize(sources.Template)]));
        var given = Planner.Hash(string.Join('\n', [
            settings, instructions, .. units.Select(unit => unit.Fingerprint), .. english.Select(unit => $"pseudo {unit.Fingerprint}"), string.Join(' ', sources.Pseudo?.Languages ?? [])]));
        if (Finished(given) is { } finished)
        {
            return build.Share.Completes ? finished : null;
        }

        var key = given;
        var scans = Scan(units, cleaner, [], cancellationToken);
        List<(WorkUnit Unit, UnitScan Scan, string Folder)> translated = [];
        build.Share.Wait();
        if (sources.Pseudo is { } pseudo && options.Pseudo.Below > 0)
        {
            var step = new PseudoStep(pseudo, options, cleaner, build);
            var sentences = Scan(english, cleaner, scans, cancellationToken);
            translated = [.. sentences.Where(sentence => scans.TrueForAll(scan => scan.Folder != sentence.Folder))]; // A file that is monolingual text too counts once.
            var made = Ordered(step.Run(scans, sentences, work.Pseudo(given), cancellationToken), scanKey);
            key = BuildPlan.KeyOf(given, Planner.Hash(string.Join('\n', made.Select(unit => unit.Fingerprint))));
            var pairs = Scan(made, cleaner, [.. scans, .. translated], cancellationToken);
            sources = sources with { LeftOut = sources.LeftOut.Concat(step.Missing).Concat(PseudoStep.Cleaned(pairs)).ToDictionary() };
            units = [.. units, .. made];
            scans = [.. scans, .. pairs];
            build.Share.Wait();
        }

        sources = sources with { Units = [.. units.Select(unit => unit.Unit)] };
        if (build.Share.IsByHand || build.Share.Index == 0)
        {
            Decide(new Planned(key, settings, instructions), sources, scans, [.. translated.Select(each => each.Scan)], cancellationToken);
            work.RemoveOtherPlans(key);
        }

        build.Share.Wait();
        var plan = work.Plan(key);
        Encode(key, plan, new ChunkEncoder(tokenizer, options, switcher, sources, cleaner, build), sources.Units, cancellationToken);
        build.Share.Wait();
        return build.Share.Completes ? Complete(plan, switcher is not null) : null;
    }

    private ShardManifest Complete(BuildPlan plan, bool switches)
    {
        var manifest = new TrainingSetAssembly(folder, work, plan).Complete();
        if (switches && manifest.LeftOut.Keys.Any(reason => reason is BatchEncoder.UnchangedPairs or BatchEncoder.UnchangedPseudoPairs or BatchEncoder.UnchangedTexts)
            && !manifest.Groups.Any(group => group.Kind is ExampleKinds.CodeSwitched or ExampleKinds.PseudoCodeSwitched or ExampleKinds.CodeSwitchedText))
        {
            build.Note?.Invoke("code-switching gave no entry: of no word of the scarce languages' texts the lexicon has a translation into a third language. "
                + "`llamax lexicon stats` says what a lexicon has.");
        }

        return manifest;
    }

    /// <summary>The training set where it was completed before, and only the stage that it belongs to was not.</summary>
    private ShardManifest? Finished(string given)
    {
        if (ManifestOf(folder) is not { } manifest || new BuildPlan { Key = manifest.Fingerprint }.Sources != given)
        {
            return null;
        }

        if (build.Share.Completes)
        {
            new TrainingSetFolder(folder).RemoveReplaced();
            work.Remove();
        }

        return manifest;
    }

    private static ShardManifest? ManifestOf(string folder) =>
        File.Exists(Path.Combine(folder, ShardManifest.FileName)) ? ShardManifest.Load(folder) : null;

    /// <summary>By kind, languages and content, never by name, so that the names of files change nothing; of equal files one.</summary>
    private List<(WorkUnit Unit, string Fingerprint)> Ordered(IReadOnlyList<WorkUnit> units, string scanKey) =>
    [
        .. units.Select(unit => (Unit: unit, Fingerprint: unit.Fingerprint(HashOf, scanKey)))
            .OrderBy(each => each.Unit.IsPseudo).ThenBy(each => each.Unit.Reader.Languages.Count > 1)
            .ThenBy(each => string.Join(' ', each.Unit.Reader.Languages), StringComparer.Ordinal).ThenBy(each => each.Fingerprint, StringComparer.Ordinal)
            .DistinctBy(each => each.Fingerprint),
    ];

    /// <summary>Large files in parts, which several processes can work on.</summary>
    private List<(WorkUnit Unit, string Fingerprint)> Parts(List<(WorkUnit Unit, string Fingerprint)> units) =>
    [
        .. units.SelectMany(each => each.Unit.Parts(build.PartBytes).Select(part => (part, part.IsPart ? Planner.Hash($"{each.Fingerprint} {part.Reader.Name[part.Files[0].DiskPath.Length..]}") : each.Fingerprint))),
    ];

    /// <summary>By content, never by name; of equal files one.</summary>
    private List<(TextFile File, string Content)> Ordered(IReadOnlyList<TextFile> instructions) =>
    [
        .. instructions.Select(file => (File: file, Content: $"{HashOf(file.DiskPath)} {file.Name[file.DiskPath.Length..]}"))
            .OrderBy(each => each.Content, StringComparer.Ordinal).DistinctBy(each => each.Content),
    ];

    private string HashOf(string file)
    {
        if (build.HashOf is not null)
        {
            return build.HashOf(file);
        }

        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private List<(WorkUnit Unit, UnitScan Scan, string Folder)> Scan(
        List<(WorkUnit Unit, string Fingerprint)> units, Cleaner cleaner, IReadOnlyList<(WorkUnit Unit, UnitScan Scan, string Folder)> before, CancellationToken cancellationToken)
    {
        var near = options.Cleaning.NearDuplicates.Enabled ? new NearDuplicates(options.Cleaning.NearDuplicates, build.Seed) : null;
        var meter = new BuildMeter("reading", units.Sum(unit => unit.Unit.Size), build);
        var former = before.Sum(scan => scan.Scan.Bad.Values.Sum());
        var bad = former;
        build.Share.Do(
            units.Count,
            unit => work.Scan(units[unit].Fingerprint),
            (unit, target) =>
            {
                var settings = new ScanSettings(cleaner, near, build.Seed, build.Threads, build.MaxBadRecords - bad, build.Time);
                bad += UnitScan.Run(units[unit].Unit, target, settings, () => meter.Report(units[unit].Unit.Position), cancellationToken).Bad.Values.Sum();
                meter.Add(units[unit].Unit.Size);
            },
            ownOnly: false,
            cancellationToken);
        List<(WorkUnit Unit, UnitScan Scan, string Folder)> scans =
            [.. units.Select(unit => (unit.Unit, UnitScan.Load(work.Scan(unit.Fingerprint)), work.Scan(unit.Fingerprint)))];
        UnitScan.CheckParts(scans);
        var all = scans.Sum(scan => scan.Scan.Bad.Values.Sum());
        if (all > 0)
        {
            build.Note?.Invoke($"{all:N0} lines cannot be read and are left out{(all > BadRecords.Shown ? $"; the first {BadRecords.Shown}" : "")}:");
            foreach (var line in scans.SelectMany(scan => scan.Scan.FirstBad).Take(BadRecords.Shown))
            {
                build.Note?.Invoke($"  {line}");
            }
        }

        // One limit for everything that is read: of the text that is translated, too, and of a file only once.
        var counted = before.Select(scan => scan.Folder).ToHashSet(StringComparer.Ordinal);
        all = former + scans.Where(scan => !counted.Contains(scan.Folder)).Sum(scan => scan.Scan.Bad.Values.Sum());
        return all <= build.MaxBadRecords ? scans : throw new LlamaxException(
            $"{all} lines cannot be read, more than the {build.MaxBadRecords} that --max-bad-lines allows. The first: "
            + before.Concat(scans).SelectMany(scan => scan.Scan.FirstBad).First());
    }

    private void Decide(
        Planned planned, TrainingSources sources, List<(WorkUnit Unit, UnitScan Scan, string Folder)> scans, IReadOnlyList<UnitScan> translated, CancellationToken cancellationToken) => build.Share.Do(
        1,
        _ => work.Decision(planned.Key),
        (_, target) =>
        {
            build.Progress?.Report(new BuildProgress("deciding what enters", 0, 0, "records"));
            var (began, former) = (build.Time.GetTimestamp(), new TrainingSetFolder(folder));
            if (Directory.Exists(former.Unfinished)) // Killed while it was put together by another plan, which took shards out of its chunks.
            {
                work.RemoveChunks();
                former.Remove();
            }

            var (plan, selection) = new Planner(scans, translated, options, Path.Combine(target, "scratch")).Decide(planned.Settings, planned.Instructions, cancellationToken);
            for (var unit = 0; unit < scans.Count; unit++)
            {
                selection.Of(unit).Save(WorkFolder.Kept(target, unit));
            }

            (plan with
            {
                Key = planned.Key,
                Tokenizer = stamp,
                LeftOut = plan.LeftOut.Concat(sources.LeftOut).OrderBy(each => each.Key, StringComparer.Ordinal).ToDictionary(),
                DecideSeconds = build.Time.GetElapsedTime(began).TotalSeconds,
            }).Save(target);
        },
        ownOnly: false,
        cancellationToken);

    private void Encode(string key, BuildPlan plan, ChunkEncoder encoder, IReadOnlyList<WorkUnit> units, CancellationToken cancellationToken)
    {
        var meter = new BuildMeter("encoding", plan.Chunks.Sum(Size), build);
        var kept = new Dictionary<int, IndexSet>();
        build.Share.Do(
            plan.Chunks.Count,
            chunk => work.Chunk(plan.Chunks[chunk].Id),
            (number, target) =>
            {
                var chunk = plan.Chunks[number];
                foreach (var unit in kept.Keys.Where(unit => chunk.Parts.All(part => part.Unit != unit)).ToList())
                {
                    kept.Remove(unit);
                }

                encoder.Run(chunk, plan, Kept, target, () => meter.Report(chunk.Parts.Sum(part => units[part.Unit].Position)), cancellationToken);
                meter.Add(Size(chunk));
            },
            ownOnly: build.Share.IsByHand,
            cancellationToken);

        long Size(PlannedChunk chunk) => chunk.Parts.Sum(part => units[part.Unit].Size);

        IndexSet Kept(int unit)
        {
            if (!kept.TryGetValue(unit, out var places))
            {
                kept.Add(unit, places = IndexSet.Load(WorkFolder.Kept(work.Decision(key), unit)));
            }

            return places;
        }
    }

    /// <summary>What a plan is made for: its key, and the hashes that the chunks' own are made of.</summary>
    private sealed record Planned(string Key, string Settings, string? Instructions);
}
