namespace Llamax.Corpora.Building.Selection;

/// <summary>
/// Which records of all units enter: of equal ones the first, in the order of the units; and of a language or a pair of
/// languages no more than wanted, those with the lowest hashes, which is a random sample that depends on the contents only.
/// </summary>
internal sealed class RecordSelection
{
    private readonly IndexSet[] kept;
    private readonly string?[] fingerprints;
    private readonly long[][] keptOf;
    private readonly Dictionary<string, Tally> tallies = new(StringComparer.Ordinal);

    /// <summary>Selects.</summary>
    /// <param name="keys">The keys of all units, sorted.</param>
    /// <param name="units">For each unit how many places it has, and the names of its groups: the one of a place is its remainder.</param>
    /// <param name="maximum">How many of a group are wanted at most.</param>
    /// <param name="dropsEqual">Whether a unit's record is left out that equals an earlier one.</param>
    /// <param name="isNear">Whether the record at a unit's place is nearly the same as an earlier one; null where nobody looked.</param>
    /// <param name="cancellationToken">Ends the selection.</param>
    public RecordSelection(
        IEnumerable<(RecordKey Key, int Unit)> keys,
        IReadOnlyList<(long Places, IReadOnlyList<string> Groups)> units,
        Func<string, long> maximum,
        Func<int, bool> dropsEqual,
        Func<int, long, bool>? isNear,
        CancellationToken cancellationToken)
    {
        kept = [.. units.Select(unit => new IndexSet(unit.Places))];
        fingerprints = new string?[units.Count];
        keptOf = [.. units.Select(unit => new long[unit.Groups.Count])];
        Tally[][] tallyOf = [.. units.Select(unit => unit.Groups.Select(name => TallyOf(name, maximum)).ToArray())];
        var (last, isFirst, seen) = (default(UInt128), true, 0);
        foreach (var (key, unit) in keys)
        {
            if ((++seen & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var group = key.Index % tallyOf[unit].Length;
            var tally = tallyOf[unit][group];
            if (!isFirst && key.Hash == last && dropsEqual(unit))
            {
                tally.Duplicates++;
                continue;
            }

            (last, isFirst) = (key.Hash, false);
            if (isNear is not null && isNear(unit, key.Index))
            {
                tally.Near++;
                continue;
            }

            tally.Distinct++;
            if (tally.Distinct <= tally.Maximum)
            {
                kept[unit].Add(key.Index);
                keptOf[unit][group]++;
            }
        }
    }

    /// <summary>The numbers of each language or pair of languages.</summary>
    public IReadOnlyDictionary<string, GroupCount> Groups => tallies.ToDictionary(
        each => each.Key, each => new GroupCount(each.Value.Distinct, each.Value.Duplicates, each.Value.Near, Math.Min(each.Value.Distinct, each.Value.Maximum)), StringComparer.Ordinal);

    /// <summary>The places of a unit whose records enter.</summary>
    public IndexSet Of(int unit) => kept[unit];

    /// <summary>A hash of the places of a unit whose records enter.</summary>
    public string Fingerprint(int unit) => fingerprints[unit] ??= kept[unit].Fingerprint;

    /// <summary>How many records of a unit's group enter.</summary>
    public long Count(int unit, int group) => keptOf[unit][group];

    private Tally TallyOf(string name, Func<string, long> maximum)
    {
        if (!tallies.TryGetValue(name, out var tally))
        {
            tallies.Add(name, tally = new Tally { Maximum = maximum(name) });
        }

        return tally;
    }

    private sealed class Tally
    {
        public long Distinct { get; set; }

        public long Duplicates { get; set; }

        public long Near { get; set; }

        public long Maximum { get; init; }
    }
}
