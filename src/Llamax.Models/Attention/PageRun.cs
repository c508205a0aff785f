namespace Llamax.Models.Attention;

/// <summary>Successive positions in pages: a prompt, the common prefix, or an encoder's states.</summary>
internal sealed unsafe class PageRun : IDisposable
{
    private readonly CachePages pages;
    private readonly nint[] taken;

    /// <summary>Takes pages for so many positions.</summary>
    public PageRun(CachePages pages, int length)
    {
        (this.pages, Length) = (pages, length);
        taken = new nint[CachePages.Count(length)];
        try
        {
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = pages.Take();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Length { get; }

    /// <summary>Number of pages.</summary>
    public int Count => taken.Length;

    public nint this[int page] => taken[page];

    /// <summary>Stores the keys and values of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys">Of the first head and position; a head's positions stand side by side.</param>
    /// <param name="values">Likewise.</param>
    /// <param name="headStride">Numbers from one head to the next.</param>
    public void Store(int layer, float* keys, float* values, long headStride)
    {
        var (size, width) = (pages.HeadSize, pages.Width);
        for (var head = 0; head < pages.Heads; head++)
        {
            for (var page = 0; page < taken.Length; page++)
            {
                float* k = pages.Keys(taken[page], layer, head), v = pages.Values(taken[page], layer, head);
                if (width > size)
                {
                    new Span<float>(k, 2 * CachePages.Positions * width).Clear();
                }

                var first = page * CachePages.Positions;
                for (var i = 0; i < Math.Min(CachePages.Positions, Length - first); i++)
                {
                    var from = (head * headStride) + ((first + i) * size);
                    new Span<float>(values + from, size).CopyTo(new Span<float>(v + (i * width), size));
                    for (var j = 0; j < size; j++)
                    {
                        k[(j * CachePages.Positions) + i] = keys[from + j];
                    }
                }
            }
        }
    }

    /// <summary>Gives the pages back.</summary>
    public void Dispose()
    {
        for (var i = 0; i < taken.Length; i++)
        {
            if (taken[i] != 0)
            {
                pages.Return(taken[i]);
                taken[i] = 0;
            }
        }
    }
}
