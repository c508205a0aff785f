using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Llamax.Corpora.Shards;

/// <summary>Where the entries of packed rows begin, in the mapped file.</summary>
internal sealed class PackedEntries
{
    private readonly ArrowBuffer offsets, lossOffsets, starts, lossFrom;

    /// <summary>Checks the two columns.</summary>
    /// <param name="startColumn">Per row, the index of each entry's first id.</param>
    /// <param name="lossColumn">Per row and entry, its first target.</param>
    /// <param name="rowLength">Ids of a row.</param>
    /// <exception cref="InvalidDataException">They disagree with each other or with the rows.</exception>
    public PackedEntries(ListArray startColumn, ListArray lossColumn, Func<int, int> rowLength)
    {
        (offsets, lossOffsets) = (startColumn.ValueOffsetsBuffer, lossColumn.ValueOffsetsBuffer);
        (starts, lossFrom) = (((Int32Array)startColumn.Values).ValueBuffer, ((Int32Array)lossColumn.Values).ValueBuffer);
        var rows = startColumn.Length;
        if (Cast(offsets).Length < rows + 1 || Cast(lossOffsets).Length < rows + 1)
        {
            throw new InvalidDataException("a column of entries is shorter than its rows.");
        }

        for (var row = 0; row < rows; row++)
        {
            var (at, end) = (Cast(offsets)[row], Cast(offsets)[row + 1]);
            if (at < 0 || end <= at || end > Math.Min(Cast(starts).Length, Cast(lossFrom).Length)
                || Cast(lossOffsets)[row] != at || Cast(lossOffsets)[row + 1] != end || !AreInside(row, rowLength(row)))
            {
                throw new InvalidDataException($"the entries of row {row} are not within the row.");
            }
        }
    }

    public ReadOnlySpan<int> Starts(int row) => Slice(starts, row);

    public ReadOnlySpan<int> LossFrom(int row) => Slice(lossFrom, row);

    /// <summary>Whether the entries follow each other from the row's beginning, each with a target.</summary>
    private bool AreInside(int row, int length)
    {
        var first = Starts(row);
        var from = LossFrom(row);
        for (var i = 0; i < first.Length; i++)
        {
            var entry = (long)(i + 1 < first.Length ? first[i + 1] : length) - first[i];
            if (first[i] < 0 || first[i] >= length || (i == 0 && first[0] != 0) || from[i] < 0 || entry <= Math.Max(from[i], 1))
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlySpan<int> Slice(ArrowBuffer values, int row) => Cast(values)[Cast(offsets)[row]..Cast(offsets)[row + 1]];

    private static ReadOnlySpan<int> Cast(ArrowBuffer buffer) => MemoryMarshal.Cast<byte, int>(buffer.Span);
}
