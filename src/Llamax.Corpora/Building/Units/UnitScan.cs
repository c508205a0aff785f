using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Building.Units;

/// <summary>What the first reading of a unit found, beside the keys of its records.</summary>
internal sealed record UnitScan
{
    private const string FileName = "scan.json";
    private const string NearFolder = "near";

    /// <summary>Records that were read.</summary>
    public long Records { get; init; }

    /// <summary>Places of the records: all <see cref="RecordKey.Index"/> are below.</summary>
    public long Places { get; init; }

    /// <summary>By group, its texts or pairs.</summary>
    public IReadOnlyList<long> GroupRecords { get; init; } = [];

    /// <summary>By group, the bytes of its texts or pairs.</summary>
    public IReadOnlyList<long> GroupBytes { get; init; } = [];

    /// <summary>What cleaning did.</summary>
    public IReadOnlyList<CleaningCount> Cleaning { get; init; } = [];

    /// <summary>Records that could not be read, by reason.</summary>
    public IReadOnlyDictionary<string, long> Bad { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> FirstBad { get; init; } = [];

    /// <summary>Records that do not have the languages wanted.</summary>
    public long Absent { get; init; }

    /// <summary>Why nothing of the unit could be used, in the words of what was first; null where something was, or nothing is there.</summary>
    public string? Useless { get; init; }

    /// <summary>Seconds that the scan took.</summary>
    public double Seconds { get; init; }

    /// <summary>The place of a record's text or pair among the unit's.</summary>
    /// <param name="number">The record's number in its source, from 1.</param>
    /// <param name="groups">How many groups the unit's records have.</param>
    /// <param name="group">Which of them.</param>
    public static long Place(long number, int groups, int group) => ((number - 1) * groups) + group;

    /// <summary>The folder of the keys of a scan's near-duplicate signatures, which is there where they were made.</summary>
    public static string Near(string folder) => Path.Combine(folder, NearFolder);

    /// <summary>The result of a finished scan.</summary>
    /// <param name="folder">The unit's folder.</param>
    /// <exception cref="LlamaxException">It is damaged.</exception>
    public static UnitScan Load(string folder) => StepResult.Load(Path.Combine(folder, FileName), StepResult.Default.UnitScan);

    /// <summary>Reads a unit and writes the keys of its records.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="settings">How.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Ends the scan; it is not finished then.</param>
    /// <exception cref="LlamaxException">The unit cannot be read, or has too many bad records.</exception>
    public static UnitScan Run(WorkUnit unit, string folder, ScanSettings settings, Action progress, CancellationToken cancellationToken)
    {
        var began = settings.Time.GetTimestamp();
        var bad = new BadRecords(settings.MaxBad);
        using var runs = new KeyRuns(folder);
        using var near = new KeyRuns(Directory.CreateDirectory(Near(folder)).FullName);
        var cleaning = new CleaningCounts();
        var (records, places) = (0L, 0L);
        var (groupRecords, groupBytes) = (new long[unit.Groups.Count], new long[unit.Groups.Count]);
        foreach (var batch in UnitPass.Run(
            unit, settings.Cleaner, settings.Threads, (batch, counts) => ScannedBatch.Of(batch, unit.Groups, settings, counts), bad, cancellationToken))
        {
            cleaning.Add(batch.Cleaning);
            foreach (var key in batch.Near)
            {
                near.Add(key);
            }

            foreach (var (key, group, bytes) in batch.Keys)
            {
                runs.Add(key);
                places = Math.Max(places, key.Index + 1);
                groupRecords[group]++;
                groupBytes[group] += bytes;
            }

            records += batch.Records;
            progress();
        }

        var useless = records == 0 && cleaning.Rows.Count == 0 ? bad.Cause : null; // What cleaning left out was read.
        if (useless is not null && !unit.IsPart) // Of a part, other parts may have more.
        {
            throw Nothing(unit.Reader.Name, bad.Count + bad.Absent, useless);
        }

        runs.Complete();
        near.Complete();
        var scan = new UnitScan
        {
            Records = records,
            Places = places,
            GroupRecords = groupRecords,
            GroupBytes = groupBytes,
            Cleaning = cleaning.Rows,
            Bad = bad.Reasons,
            FirstBad = bad.First,
            Absent = bad.Absent,
            Useless = useless,
            Seconds = settings.Time.GetElapsedTime(began).TotalSeconds,
        };
        StepResult.Save(Path.Combine(folder, FileName), scan, StepResult.Default.UnitScan);
        return scan;
    }

    /// <summary>Says where nothing of any part of a file can be used.</summary>
    /// <param name="scans">All units that were scanned.</param>
    /// <exception cref="LlamaxException">There is such a file.</exception>
    public static void CheckParts(IEnumerable<(WorkUnit Unit, UnitScan Scan, string Folder)> scans)
    {
        foreach (var parts in scans.Where(scan => scan.Unit.IsPart).GroupBy(scan => (scan.Unit.Files[0].DiskPath, string.Join(' ', scan.Unit.Reader.Languages), scan.Unit.Reading)))
        {
            if (parts.All(part => part.Scan is { Records: 0, Cleaning.Count: 0 }) && parts.Select(part => part.Scan.Useless).FirstOrDefault(useless => useless is not null) is { } first)
            {
                throw Nothing(parts.Key.DiskPath, parts.Sum(part => part.Scan.Bad.Values.Sum() + part.Scan.Absent), first);
            }
        }
    }

    private static LlamaxException Nothing(string name, long lines, string first) => new($"{name}: none of its {lines} lines can be used. The first: {first}");

    /// <summary>A batch's share of a scan.</summary>
    private sealed record ScannedBatch(int Records, List<(RecordKey Key, int Group, int Bytes)> Keys, List<RecordKey> Near, IReadOnlyList<CleaningCount> Cleaning)
    {
        public static ScannedBatch Of(RecordBatch batch, IReadOnlyList<LanguageGroup> groups, ScanSettings settings, CleaningCounts counts)
        {
            var hash = new ContentHash(settings.Seed);
            var (keys, near) = (new List<(RecordKey, int, int)>(batch.Count), new List<RecordKey>());
            var bands = new UInt128[settings.Near?.Bands ?? 0];
            for (var record = 0; record < batch.Count; record++)
            {
                for (var number = 0; number < groups.Count; number++)
                {
                    var group = groups[number];
                    var first = batch[record, group.First];
                    var second = group.Second < 0 ? [] : batch[record, group.Second];
                    if (first.IsEmpty || (group.Second >= 0
                        && (second.IsEmpty || !settings.Cleaner.KeepsPair(group.FirstLanguage, first, group.SecondLanguage, second, counts))))
                    {
                        continue;
                    }

                    var place = Place(batch.Number(record), groups.Count, number);
                    keys.Add((new RecordKey(hash.Of(group.Utf8Name, first, second), place), number, first.Length + second.Length));
                    if (settings.Near is { } signatures && signatures.TryBands(group.Utf8Name, first, second, bands))
                    {
                        foreach (var band in bands)
                        {
                            near.Add(new RecordKey(band, place));
                        }
                    }
                }
            }

            return new ScannedBatch(batch.Count, keys, near, counts.Rows);
        }
    }
}
