using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;

namespace Llamax.Corpora.Building.Selection;

/// <summary>The places of texts and pairs that are nearly the same as an earlier one, in the order of the units.</summary>
internal static class NearPlaces
{
    /// <summary>Finds them.</summary>
    /// <param name="units">The units' scans and the folders of these.</param>
    /// <param name="options">Whether anybody looks for them.</param>
    /// <param name="scratch">A folder for what does not fit into memory; made where it is needed, and removed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Whether the record at a unit's place is one; null where nobody looks for them.</returns>
    public static Func<int, long, bool>? Find(
        IReadOnlyList<(WorkUnit Unit, UnitScan Scan, string Folder)> units, NearDuplicateOptions options, string scratch, CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            return null;
        }

        IndexSet[] found = [.. units.Select(unit => new IndexSet(unit.Scan.Places))];
        var (last, isFirst, seen) = (default(UInt128), true, 0);
        foreach (var (key, unit) in KeyMerge.Read([.. units.Select(unit => KeyRuns.Files(UnitScan.Near(unit.Folder)).ToList())], scratch))
        {
            if ((++seen & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!isFirst && key.Hash == last)
            {
                found[unit].Add(key.Index);
            }

            (last, isFirst) = (key.Hash, false);
        }

        return (unit, place) => found[unit].Contains(place);
    }
}
