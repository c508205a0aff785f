namespace Llamax.Corpora.Loading.Mixing;

/// <summary>
/// Where the rows of one group are in one shard: the place of every n-th of them, from which the shard's columns are read
/// on. As many places at most as the shard has blocks of 2,048 rows, so that billions of rows take little memory.
/// </summary>
internal sealed class GroupMarks
{
    private const int Block = 2048;

    private readonly int most;
    private readonly List<int> marks = [];
    private int stride = 1;

    /// <summary>Marks for a group.</summary>
    /// <param name="kind">Its kind's number in the shard's dictionary.</param>
    /// <param name="direction">Its direction's number there.</param>
    /// <param name="rows">Rows of the shard.</param>
    public GroupMarks(int kind, int direction, int rows)
    {
        (Kind, Direction) = (kind, direction);
        most = (rows / Block) + 1;
    }

    /// <summary>The kind's number in the shard's dictionary.</summary>
    public int Kind { get; }

    /// <summary>The direction's number in the shard's dictionary.</summary>
    public int Direction { get; }

    /// <summary>Rows of the group in the shard.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers held in memory.</summary>
    public int Marks => marks.Count;

    /// <summary>Notes the next row of the group.</summary>
    public void Add(int row)
    {
        if (Count++ % stride != 0)
        {
            return;
        }

        if (marks.Count == most)
        {
            // Every second one goes. Whether this row is among the others tells its number.
            for (var i = 1; 2 * i < marks.Count; i++)
            {
                marks[i] = marks[2 * i];
            }

            marks.RemoveRange((marks.Count + 1) / 2, marks.Count / 2);
            stride *= 2;
            if ((Count - 1) % stride != 0)
            {
                return;
            }
        }

        marks.Add(row);
    }

    /// <summary>The row of a member.</summary>
    /// <param name="member">From 0 to <see cref="Count"/>, exclusive.</param>
    /// <param name="kinds">The shard's column of kinds.</param>
    /// <param name="directions">The shard's column of directions.</param>
    public int Row(int member, ReadOnlySpan<int> kinds, ReadOnlySpan<int> directions)
    {
        var (mark, further) = Math.DivRem(member, stride);
        var row = marks[mark];
        while (further > 0)
        {
            row++;
            if (kinds[row] == Kind && directions[row] == Direction)
            {
                further--;
            }
        }

        return row;
    }
}
