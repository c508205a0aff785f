using System.Text.Json;
using System.Text.Json.Serialization;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Readers.Records;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Units;

/// <summary>What the first reading of a unit found, beside the keys of its records.</summary>
internal sealed record UnitScan
{
    private const string FileName = "scan.json";

    /// <summary>Records that were read.</summary>
    public long Records { get; init; }

    /// <summary>Places of the records: all <see cref="RecordKey.Index"/> are below.</summary>
    public long Places { get; init; }

    /// <summary>Bytes of the records' texts.</summary>
    public long Bytes { get; init; }

    /// <summary>Records that could not be read, by reason.</summary>
    public IReadOnlyDictionary<string, long> Bad { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> FirstBad { get; init; } = [];

    /// <summary>The place of a record's text or pair among the unit's.</summary>
    /// <param name="number">The record's number in its source, from 1.</param>
    /// <param name="groups">How many groups the unit's records have.</param>
    /// <param name="group">Which of them.</param>
    public static long Place(long number, int groups, int group) => ((number - 1) * groups) + group;

    /// <summary>The result of an earlier scan; null where there is none that was finished.</summary>
    /// <param name="folder">The unit's folder.</param>
    public static UnitScan? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), ScanJson.Default.UnitScan) : null;
    }

    /// <summary>Reads a unit and writes the keys of its records.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="folder">The unit's folder; what an unfinished scan left in it is removed.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="threads">Threads at most; 0 for one per core.</param>
    /// <param name="maxBad">Records that may be bad.</param>
    /// <param name="cancellationToken">Ends the scan; it is not finished then.</param>
    /// <exception cref="LlamaxException">The unit cannot be read, or has too many bad records.</exception>
    public static UnitScan Run(
        WorkUnit unit, string folder, long seed, int threads, long maxBad, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        var bad = new BadRecords(maxBad);
        using var runs = new KeyRuns(folder);
        var (records, places, bytes) = (0L, 0L, 0L);
        foreach (var (keys, count, size) in UnitPass.Run(unit, threads, batch => (Keys(batch, unit.Groups, seed), batch.Count, batch.Bytes), bad, cancellationToken))
        {
            foreach (var key in keys)
            {
                runs.Add(key);
                places = Math.Max(places, key.Index + 1);
            }

            (records, bytes) = (records + count, bytes + size);
        }

        runs.Complete();
        var scan = new UnitScan { Records = records, Places = places, Bytes = bytes, Bad = bad.Reasons, FirstBad = bad.First };
        AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, scan, ScanJson.Default.UnitScan));
        return scan;
    }

    private static List<RecordKey> Keys(RecordBatch batch, IReadOnlyList<LanguageGroup> groups, long seed)
    {
        var hash = new ContentHash(seed);
        var keys = new List<RecordKey>(batch.Count);
        for (var record = 0; record < batch.Count; record++)
        {
            for (var group = 0; group < groups.Count; group++)
            {
                var first = batch[record, groups[group].First];
                var second = groups[group].Second < 0 ? [] : batch[record, groups[group].Second];
                if (!first.IsEmpty && (groups[group].Second < 0 || !second.IsEmpty))
                {
                    keys.Add(new RecordKey(
                        hash.Of(groups[group].Utf8Name, first, second), Place(batch.Number(record), groups.Count, group)));
                }
            }
        }

        return keys;
    }
}

/// <summary>JSON of a scan's result.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UnitScan))]
internal sealed partial class ScanJson : JsonSerializerContext;
