using System.Security.Cryptography;
using System.Text;
using Llamax.Corpora.Building.Selection;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;

namespace Llamax.Corpora.Building.Planning;

/// <summary>
/// Decides what Algorithm 1 leaves to decide once everything was counted: which records enter, which pairs are repeated,
/// which languages are augmented; and cuts the work into chunks.
/// </summary>
/// <param name="units">The units in their order, with their scans and the folders of these.</param>
/// <param name="translated">The scans of what enters in translation only: it was read and cleaned, too.</param>
/// <param name="options">The numbers of Algorithm 1.</param>
/// <param name="scratch">A folder for what does not fit into memory; made where it is needed, and removed.</param>
internal sealed class Planner(
    IReadOnlyList<(WorkUnit Unit, UnitScan Scan, string Folder)> units, IReadOnlyList<UnitScan> translated, DataOptions options, string scratch)
{
    /// <summary>How the manifest's reasons begin that are about lines which cannot be read.</summary>
    public const string Unreadable = "lines that cannot be read: ";

    /// <summary>Bytes of text that are taken for a token when chunks are cut.</summary>
    private const int BytesPerToken = 3;

    /// <summary>Decides.</summary>
    /// <param name="settings">A hash of what every chunk depends on beside its records.</param>
    /// <param name="instructions">A hash of the instructions; null where there are none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public (BuildPlan Plan, RecordSelection Selection) Decide(string settings, string? instructions, CancellationToken cancellationToken)
    {
        var selection = new RecordSelection(
            KeyMerge.Read([.. units.Select(unit => KeyRuns.Files(unit.Folder).ToList())], scratch),
            [.. units.Select(unit => (unit.Scan.Places, Names(unit.Unit)))],
            name => IsPair(name) ? Limit(options.MaxPairs) : Limit(options.MaxTexts),
            _ => options.Cleaning.Duplicates,
            NearPlaces.Find(units, options.Cleaning.NearDuplicates, scratch, cancellationToken),
            cancellationToken);
        var rules = Rules(selection.Groups);
        var plan = new BuildPlan
        {
            Chunks =
            [
                .. Chunks(selection, rules).Select(parts => new PlannedChunk(Id(settings, parts, selection, rules), parts)),
                .. instructions is null ? [] : new[] { new PlannedChunk(Hash($"{settings} {instructions}"), []) },
            ],
            Rules = rules,
            Packing = options.Packing,
            LeftOut = LeftOut(selection.Groups),
            Cleaning = Cleaning(selection.Groups),
            ScanSeconds = Scans.Sum(scan => scan.Seconds),
        };
        return (plan, selection);

        static long Limit(long maximum) => maximum > 0 ? maximum : long.MaxValue;
    }

    /// <summary>A hash as file names have it.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];

    private IEnumerable<UnitScan> Scans => units.Select(unit => unit.Scan).Concat(translated);

    private static bool IsPair(string name) => name.Contains('-', StringComparison.Ordinal);

    private static IReadOnlyList<string> Names(WorkUnit unit) => [.. unit.Groups.Select(group => BuildPlan.RuleName(unit.IsPseudo, group.Name))];

    private SortedDictionary<string, GroupRule> Rules(IReadOnlyDictionary<string, GroupCount> counts)
    {
        var ofLanguage = counts.Where(each => IsPair(each.Key) && !IsPseudo(each.Key))
            .SelectMany(each => each.Key.Split('-').Select(language => (Language: language, each.Value.Distinct)))
            .GroupBy(each => each.Language, each => each.Distinct).ToDictionary(each => each.Key, each => each.Sum());
        var rules = new SortedDictionary<string, GroupRule>(StringComparer.Ordinal);
        foreach (var (name, count) in counts)
        {
            rules[name] = IsPseudo(name) ? new GroupRule(options.Pseudo.Unaugmented ? 1 : 0, options.CodeSwitch.Enabled)
                : IsPair(name) ? new GroupRule(count.Distinct < options.ReplicateBelow ? options.Replicate : 1, name.Split('-').Any(IsScarce))
                : new GroupRule(1, IsScarce(name));
        }

        return rules;

        bool IsScarce(string language) => options.CodeSwitch.Enabled && ofLanguage.GetValueOrDefault(language) < options.AugmentBelow;
    }

    private static bool IsPseudo(string name) => name.StartsWith(BuildPlan.RuleName(true, ""), StringComparison.Ordinal);

    /// <summary>
    /// Whatever belongs to a language or a pair stands together, in the order of their names; what is too small for a
    /// shard shares a chunk with its neighbours.
    /// </summary>
    private List<List<PlannedPart>> Chunks(RecordSelection selection, SortedDictionary<string, GroupRule> rules)
    {
        var pieces =
            from unit in Enumerable.Range(0, units.Count)
            from @group in Enumerable.Range(0, units[unit].Unit.Groups.Count)
            let count = selection.Count(unit, @group)
            where count > 0
            let name = Names(units[unit].Unit)[@group]
            orderby IsPseudo(name), IsPair(name), units[unit].Unit.Groups[@group].Name, unit
            select (Unit: unit, Group: @group, Bytes: Estimate(units[unit].Scan, @group, count, rules[name]));
        var (chunks, open, size) = (new List<List<PlannedPart>>(), new List<(int Unit, int Group)>(), 0L);
        foreach (var (unit, group, bytes) in pieces)
        {
            if (open.Count > 0 && size + bytes > (long)options.Shards.Tokens * BytesPerToken)
            {
                chunks.Add(Parts(open));
                (open, size) = ([], 0);
            }

            open.Add((unit, group));
            size += bytes;
        }

        if (open.Count > 0)
        {
            chunks.Add(Parts(open));
        }

        return chunks;
    }

    /// <summary>
    /// What a chunk's bytes depend on, as a hash: the units by their contents, which of their records enter, and the rules
    /// for them. So a chunk outlives changes that do not concern it.
    /// </summary>
    private string Id(string settings, IReadOnlyList<PlannedPart> parts, RecordSelection selection, SortedDictionary<string, GroupRule> rules) => Hash(string.Join('\n', [
        settings,
        .. parts.Select(part =>
        {
            var names = Names(units[part.Unit].Unit);
            return $"{Path.GetFileName(units[part.Unit].Folder)} {selection.Fingerprint(part.Unit)} {string.Join(' ', part.Groups.Select(group => $"{group} {rules[names[group]]}"))}";
        })]));

    private static List<PlannedPart> Parts(List<(int Unit, int Group)> pieces) =>
        [.. pieces.GroupBy(piece => piece.Unit, piece => piece.Group).Select(unit => new PlannedPart(unit.Key, [.. unit])).OrderBy(part => part.Unit)];

    private long Estimate(UnitScan scan, int group, long count, GroupRule rule) => (long)(
        (double)scan.GroupBytes[group] * count / scan.GroupRecords[group] * (rule.Replicas + (rule.IsSwitched ? 2 * options.CodeSwitch.Copies : 0)));

    private IReadOnlyList<CleaningCount> Cleaning(IReadOnlyDictionary<string, GroupCount> counts)
    {
        var all = new CleaningCounts();
        foreach (var scan in Scans)
        {
            all.Add(scan.Cleaning);
        }

        foreach (var (name, count) in counts)
        {
            var languages = IsPseudo(name) ? name[BuildPlan.RuleName(true, "").Length..] : name;
            all.Add(CleaningStep.Duplicates, languages, count.Duplicates);
            all.Add(CleaningStep.NearDuplicates, languages, count.Near);
        }

        return all.Rows;
    }

    private SortedDictionary<string, long> LeftOut(IReadOnlyDictionary<string, GroupCount> counts)
    {
        var left = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in counts)
        {
            var what = IsPair(name) ? "sentence pairs" : "texts";
            Add($"{what} that occur again", count.Duplicates);
            Add($"{what} nearly the same as another", count.Near);
            Add($"{what} above {(IsPair(name) ? "max_pairs" : "max_texts")}", count.Distinct - count.Kept);
        }

        Add("records without the languages wanted", units.Sum(unit => unit.Scan.Absent));
        foreach (var (reason, count) in Scans.SelectMany(scan => scan.Bad))
        {
            Add(Unreadable + reason, count);
        }

        return left;

        void Add(string what, long count)
        {
            if (count > 0)
            {
                left[what] = left.GetValueOrDefault(what) + count;
            }
        }
    }
}
