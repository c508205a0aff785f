using Llamax.Models.Layers;
using Llamax.Models.Native;
using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>What an encoder gave for sentences, in pages, and the attention to it.</summary>
internal sealed unsafe class PagedSources(int layers) : IDisposable
{
    private readonly PageWorkers workers = new();
    private CachePages? pages;

    /// <summary>Memory of the pages in use.</summary>
    public long Bytes => pages?.Bytes ?? 0;

    /// <summary>Keeps what an encoder gave.</summary>
    public PageRun Store(EncodedSource encoded)
    {
        pages ??= new CachePages(layers, (int)encoded.Keys[0].shape[0], (int)encoded.Keys[0].shape[2]);
        var run = new PageRun(pages, encoded.Length);
        for (var layer = 0; layer < layers; layer++)
        {
            using var scope = NewDisposeScope();
            var (keys, values) = (encoded.Keys[layer].contiguous(), encoded.Values[layer].contiguous());
            run.Store(layer, FusedMemory.Numbers(keys), FusedMemory.Numbers(values), keys.shape[1] * keys.shape[2]);
        }

        return run;
    }

    /// <summary>Mixes the values of each sentence's source.</summary>
    /// <param name="layer">The decoder's layer.</param>
    /// <param name="q"><c>[rows, heads, 1, head_dim]</c>, in order.</param>
    /// <param name="sources">The source of each sentence.</param>
    /// <param name="rows">How many rows are its.</param>
    public Tensor Attend(int layer, Tensor q, IReadOnlyList<PageRun> sources, int[] rows)
    {
        var (heads, size, shared) = ((int)q.shape[1], pages!.HeadSize, pages.Heads);
        var groups = heads / shared;
        var mixed = empty_like(q);
        float* pq = FusedMemory.Numbers(q), pm = FusedMemory.Numbers(mixed);
        var starts = new int[rows.Length];
        for (var i = 1; i < rows.Length; i++)
        {
            starts[i] = starts[i - 1] + rows[i - 1];
        }

        var longest = sources.Max(source => source.Length);
        var items = (long)rows.Length * shared;
        var count = TorchThreads.Workers(items, PageWorkers.Grain / (2L * rows.Max() * groups * size * longest));
        workers.Prepare(count, pages, rows.Max() * groups, longest + CachePages.Positions);
        TorchThreads.For(items, count, (begin, end, worker) =>
        {
            var attention = workers[worker];
            for (var item = begin; item < end; item++)
            {
                var (place, head) = ((int)(item / shared), (int)(item % shared));
                var (source, queries) = (sources[place], rows[place] * groups);
                var first = (((long)starts[place] * heads) + (head * groups)) * size;
                attention.Begin(queries, source.Count * CachePages.Positions);
                for (var i = 0; i < queries; i++)
                {
                    attention.SetQuery(i, pq + first + ((((long)(i / groups) * heads) + (i % groups)) * size));
                }

                attention.Score(source, layer, head, 0);
                attention.Weigh();
                attention.Mix(source, layer, head, 0);
                for (var i = 0; i < queries; i++)
                {
                    attention.Read(i, pm + first + ((((long)(i / groups) * heads) + (i % groups)) * size));
                }
            }
        });
        return mixed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        workers.Dispose();
        pages?.Dispose();
    }
}
