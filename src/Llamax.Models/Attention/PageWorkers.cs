namespace Llamax.Models.Attention;

/// <summary>The working memory of each thread.</summary>
internal sealed class PageWorkers : IDisposable
{
    /// <summary>Multiplications below which a second thread is not worth its while.</summary>
    public const long Grain = 1 << 17;

    private PageAttention[] workers = [];

    /// <summary>That of a thread.</summary>
    public PageAttention this[int worker] => workers[worker];

    /// <summary>Takes the workers' memory before they run: in their threads nothing may be thrown.</summary>
    public void Prepare(int count, CachePages pages, int queries, int positions)
    {
        var had = workers.Length;
        if (had < count)
        {
            Array.Resize(ref workers, count);
            for (var i = had; i < count; i++)
            {
                workers[i] = new PageAttention(pages);
            }
        }

        for (var i = 0; i < count; i++)
        {
            workers[i].Reserve(queries, positions);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var worker in workers)
        {
            worker.Dispose();
        }
    }
}
