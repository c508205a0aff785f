using System.Runtime.InteropServices;

namespace Llamax.Corpora.Building.Selection;

/// <summary>
/// What the selection knows of a text or a pair: which it is, and where it stands. Ordered by hash, which is random, then
/// by place.
/// </summary>
/// <param name="Hash">Hash of the content and its languages under the run's seed: equal for equal content only.</param>
/// <param name="Index">The place in the unit.</param>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct RecordKey(UInt128 Hash, long Index) : IComparable<RecordKey>
{
    public int CompareTo(RecordKey other) => Hash.CompareTo(other.Hash) is var order and not 0 ? order : Index.CompareTo(other.Index);

    public static bool operator <(RecordKey left, RecordKey right) => left.CompareTo(right) < 0;

    public static bool operator >(RecordKey left, RecordKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(RecordKey left, RecordKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RecordKey left, RecordKey right) => left.CompareTo(right) >= 0;
}
