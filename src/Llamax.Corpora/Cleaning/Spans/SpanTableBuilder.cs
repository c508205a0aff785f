namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>Collects hashes with their owners; of equal hashes the lowest owner's counts.</summary>
internal sealed class SpanTableBuilder
{
    private readonly List<ulong> hashes = [];
    private readonly List<ushort> owners = [];

    /// <summary>Hashes so far.</summary>
    public int Count => hashes.Count;

    public void Add(ulong hash, int owner)
    {
        hashes.Add(hash);
        owners.Add(checked((ushort)owner));
    }

    public SpanTable Build()
    {
        ulong[] sorted = [.. hashes];
        ushort[] theirs = [.. owners];
        Array.Sort(sorted, theirs);
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (count > 0 && sorted[count - 1] == sorted[i])
            {
                theirs[count - 1] = Math.Min(theirs[count - 1], theirs[i]);
            }
            else
            {
                (sorted[count], theirs[count]) = (sorted[i], theirs[i]);
                count++;
            }
        }

        return new SpanTable(sorted.AsSpan(0, count), theirs.AsSpan(0, count));
    }
}
