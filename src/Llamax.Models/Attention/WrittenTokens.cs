namespace Llamax.Models.Attention;

/// <summary>
/// Keys and values of the tokens that the beams of a sentence wrote. What is written is never moved: each beam has a table
/// that says, for each step, which beam of that step it descends from, and only the tables are copied when beams are chosen.
/// </summary>
internal sealed unsafe class WrittenTokens(CachePages pages, int beams) : IDisposable
{
    private readonly List<nint> taken = []; // [step / 16][beam]
    private byte[] ancestors = [], spare = []; // [beam, capacity]
    private int capacity;

    /// <summary>Tokens of each beam.</summary>
    public int Steps { get; private set; }

    /// <summary>Pages taken.</summary>
    public int Pages => taken.Count;

    /// <summary>Makes room for the next token of each beam.</summary>
    /// <param name="parents">The beam that each continues.</param>
    public void Advance(ReadOnlySpan<int> parents)
    {
        if (Steps == capacity)
        {
            for (var beam = 0; beam < beams; beam++)
            {
                taken.Add(pages.Take());
            }
        }

        var room = taken.Count / beams * CachePages.Positions;
        if (spare.Length < room * beams)
        {
            spare = new byte[2 * room * beams];
        }

        for (var beam = 0; beam < beams; beam++)
        {
            ancestors.AsSpan(parents[beam] * capacity, Steps).CopyTo(spare.AsSpan(beam * room));
            spare[(beam * room) + Steps] = (byte)beam;
        }

        (ancestors, spare, capacity) = (spare, ancestors, room);
        Steps++;
    }

    /// <summary>For each step, the beam that this beam descends from.</summary>
    public ReadOnlySpan<byte> Ancestors(int beam) => ancestors.AsSpan(beam * capacity, Steps);

    /// <summary>The page of what a beam wrote at a step; its place there is the step modulo 16.</summary>
    public nint Page(int step, int beam) => taken[(step / CachePages.Positions * beams) + beam];

    /// <summary>Stores what the beams wrote at the last step.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys"><c>[beams, heads, head_dim]</c>.</param>
    /// <param name="values">Likewise.</param>
    public void Store(int layer, float* keys, float* values)
    {
        var (size, width) = (pages.HeadSize, pages.Width);
        var at = (Steps - 1) % CachePages.Positions * width;
        for (var beam = 0; beam < beams; beam++)
        {
            var page = Page(Steps - 1, beam);
            for (var head = 0; head < pages.Heads; head++)
            {
                var from = ((beam * pages.Heads) + head) * size;
                Copy(keys + from, pages.Keys(page, layer, head) + at, size, width);
                Copy(values + from, pages.Values(page, layer, head) + at, size, width);
            }
        }
    }

    /// <summary>Gives the pages back.</summary>
    public void Dispose()
    {
        foreach (var page in taken)
        {
            pages.Return(page);
        }

        taken.Clear();
    }

    private static void Copy(float* from, float* to, int size, int width)
    {
        new Span<float>(from, size).CopyTo(new Span<float>(to, size));
        new Span<float>(to + size, width - size).Clear();
    }
}
