using Llamax.Models.Layers;
using Llamax.Models.Native;
using static TorchSharp.torch;

namespace Llamax.Models.Attention;

/// <summary>
/// The cache in float32 on the CPU: keys and values lie in pages, sentence by sentence, without padding and without masks,
/// and are read where they lie (<see cref="PageAttention"/>). No key or value is ever moved.
/// </summary>
internal sealed unsafe class PagedBeamCache(int layers, int keyValueHeads, int headSize, int beams) : BeamCache
{
    /// <summary>Multiplications below which a second thread is not worth its while.</summary>
    private const long Grain = 1 << 17;

    private readonly CachePages pages = new(layers, keyValueHeads, headSize);
    private readonly PromptAttention prompts = new(layers);
    private readonly List<Sentence> sentences = [];
    private readonly DistanceTable distances = new();
    private CachePages? encoderPages;
    private PageAttention[] workers = [], encoderWorkers = [];
    private PageRun? prefix;
    private int[] entering = [];
    private Reading reading;

    private enum Reading
    {
        Prefix,
        Prompts,
        Tokens,
    }

    /// <inheritdoc/>
    public override long Bytes => pages.Bytes + (encoderPages?.Bytes ?? 0);

    /// <summary>Bytes of the pages that prompts and encoders' states take, without what beams wrote.</summary>
    internal long PromptBytes => Bytes - (sentences.Sum(sentence => sentence.Written.Pages) * pages.PageBytes);

    /// <inheritdoc/>
    public override void ReadPrefix() => reading = Reading.Prefix;

    /// <inheritdoc/>
    public override void Enter(ReadOnlySpan<int> lengths, IReadOnlyList<EncodedSource>? encoded = null)
    {
        reading = Reading.Prompts;
        entering = lengths.ToArray();
        for (var i = 0; i < lengths.Length; i++)
        {
            var sentence = new Sentence(new PageRun(pages, lengths[i]), new WrittenTokens(pages, beams));
            sentences.Add(sentence);
            if (encoded is not null)
            {
                sentence.Source = Store(encoded[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Leave(ReadOnlySpan<int> kept)
    {
        var place = 0;
        for (var i = 0; i < sentences.Count; i++)
        {
            if (place < kept.Length && kept[place] == i)
            {
                sentences[place++] = sentences[i];
            }
            else
            {
                sentences[i].Dispose();
            }
        }

        sentences.RemoveRange(place, sentences.Count - place);
    }

    /// <inheritdoc/>
    public override void Advance(ReadOnlySpan<int> parents)
    {
        reading = Reading.Tokens;
        for (var i = 0; i < sentences.Count; i++)
        {
            sentences[i].Written.Advance(parents.Slice(i * beams, beams));
        }
    }

    /// <inheritdoc/>
    public override Tensor Attend(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        using var scope = NewDisposeScope();
        (q, k, v) = (q.contiguous(), k.contiguous(), v.contiguous());
        return (reading switch
        {
            Reading.Prefix => ReadPrefix(layer, q, k, v, bias),
            Reading.Prompts => ReadPrompts(layer, q, k, v, bias),
            _ => ReadTokens(layer, q, k, v, bias),
        }).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor AttendAcross(int layer, Tensor q)
    {
        ArgumentNullException.ThrowIfNull(q);
        if (encoderPages is null || sentences.Count == 0)
        {
            return base.AttendAcross(layer, q);
        }

        using var scope = NewDisposeScope();
        if (reading == Reading.Tokens)
        {
            return AttendSources(layer, q.contiguous(), 0, [.. Enumerable.Repeat(beams, sentences.Count)]).MoveToOuterDisposeScope();
        }

        var rows = q.permute(2, 1, 0, 3).contiguous(); // [tokens, heads, 1, head_dim]
        return AttendSources(layer, rows, sentences.Count - entering.Length, entering).permute(2, 1, 0, 3).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        prompts.Dispose();
        foreach (var worker in workers.Concat(encoderWorkers))
        {
            worker.Dispose();
        }

        pages.Dispose();
        encoderPages?.Dispose();
    }

    private Tensor ReadPrefix(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias)
    {
        prefix ??= new PageRun(pages, (int)k.shape[2]);
        prefix.Store(layer, FusedMemory.Numbers(k), FusedMemory.Numbers(v), k.shape[2] * headSize);
        return prompts.ReadPrefix(layer, q, k, v, bias);
    }

    private Tensor ReadPrompts(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias)
    {
        float* keys = FusedMemory.Numbers(k), values = FusedMemory.Numbers(v);
        var start = 0L;
        foreach (var sentence in sentences.Skip(sentences.Count - entering.Length))
        {
            sentence.Prompt.Store(layer, keys + start, values + start, k.shape[2] * headSize);
            start += sentence.Prompt.Length * headSize;
        }

        return prompts.Read(layer, q, k, v, bias, entering);
    }

    private Tensor ReadTokens(int layer, Tensor q, Tensor k, Tensor v, DistanceBias? bias)
    {
        var (heads, groups) = ((int)q.shape[1], (int)q.shape[1] / keyValueHeads);
        var mixed = empty_like(q);
        float* pq = FusedMemory.Numbers(q), pk = FusedMemory.Numbers(k), pv = FusedMemory.Numbers(v), pm = FusedMemory.Numbers(mixed);
        var longest = sentences.Max(sentence => (prefix?.Length ?? 0) + sentence.Prompt.Length + sentence.Written.Steps);
        var table = bias is null ? null : distances.For(bias, longest);
        for (var i = 0; i < sentences.Count; i++)
        {
            var row = (long)i * beams * keyValueHeads * headSize;
            sentences[i].Written.Store(layer, pk + row, pv + row);
        }

        var items = (long)sentences.Count * keyValueHeads;
        var count = TorchThreads.Workers(items, Grain / (2L * beams * groups * headSize * longest));
        Prepare(ref workers, count, pages, beams * groups, longest + (3 * CachePages.Positions));
        TorchThreads.For(items, count, (begin, end, worker) =>
        {
            for (var item = begin; item < end; item++)
            {
                var (place, head) = ((int)(item / keyValueHeads), (int)(item % keyValueHeads));
                var first = (((long)place * beams * heads) + (head * groups)) * headSize;
                Attend(workers[worker], sentences[place], layer, head, groups, pq + first, pm + first, heads * headSize, table);
            }
        });
        return mixed;
    }

    private void Attend(
        PageAttention attention, Sentence sentence, int layer, int head, int groups, float* q, float* mixed, int rowStride, DistanceTable.Rows? table)
    {
        var before = CachePages.Count(prefix?.Length ?? 0) * CachePages.Positions;
        var written = before + (sentence.Prompt.Count * CachePages.Positions);
        attention.Begin(beams * groups, written + (CachePages.Count(sentence.Written.Steps) * CachePages.Positions));
        for (var i = 0; i < beams * groups; i++)
        {
            attention.SetQuery(i, q + ((long)(i / groups) * rowStride) + (i % groups * headSize));
        }

        if (prefix is not null)
        {
            attention.Score(prefix, layer, head, 0);
        }

        attention.Score(sentence.Prompt, layer, head, before);
        attention.Score(sentence.Written, beams, layer, head, written);
        if (table is not null)
        {
            var (shared, own, steps) = (prefix?.Length ?? 0, sentence.Prompt.Length, sentence.Written.Steps);
            for (var i = 0; i < beams * groups; i++)
            {
                var ending = table.Ending((head * groups) + (i % groups), shared + own + steps);
                attention.Add(i, 0, ending[..shared]);
                attention.Add(i, before, ending.Slice(shared, own));
                attention.Add(i, written, ending[(shared + own)..]);
            }
        }

        attention.Weigh();
        if (prefix is not null)
        {
            attention.Mix(prefix, layer, head, 0);
        }

        attention.Mix(sentence.Prompt, layer, head, before);
        attention.Mix(sentence.Written, beams, layer, head, written);
        for (var i = 0; i < beams * groups; i++)
        {
            attention.Read(i, mixed + ((long)(i / groups) * rowStride) + (i % groups * headSize));
        }
    }

    private Tensor AttendSources(int layer, Tensor q, int firstPlace, int[] rows)
    {
        var (heads, size, shared) = ((int)q.shape[1], encoderPages!.HeadSize, encoderPages.Heads);
        var groups = heads / shared;
        var mixed = empty_like(q);
        float* pq = FusedMemory.Numbers(q), pm = FusedMemory.Numbers(mixed);
        var starts = new int[rows.Length];
        for (var i = 1; i < rows.Length; i++)
        {
            starts[i] = starts[i - 1] + rows[i - 1];
        }

        var longest = sentences.Max(sentence => sentence.Source!.Length);
        var items = (long)rows.Length * shared;
        var count = TorchThreads.Workers(items, Grain / (2L * rows.Max() * groups * size * longest));
        Prepare(ref encoderWorkers, count, encoderPages, rows.Max() * groups, longest + CachePages.Positions);
        TorchThreads.For(items, count, (begin, end, worker) =>
        {
            var attention = encoderWorkers[worker];
            for (var item = begin; item < end; item++)
            {
                var (place, head) = ((int)(item / shared), (int)(item % shared));
                var (source, queries) = (sentences[firstPlace + place].Source!, rows[place] * groups);
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

    private PageRun Store(EncodedSource encoded)
    {
        encoderPages ??= new CachePages(layers, (int)encoded.Keys[0].shape[0], (int)encoded.Keys[0].shape[2]);
        var run = new PageRun(encoderPages, encoded.Length);
        for (var layer = 0; layer < layers; layer++)
        {
            using var scope = NewDisposeScope();
            var (keys, values) = (encoded.Keys[layer].contiguous(), encoded.Values[layer].contiguous());
            run.Store(layer, FusedMemory.Numbers(keys), FusedMemory.Numbers(values), keys.shape[1] * keys.shape[2]);
        }

        return run;
    }

    /// <summary>Takes the workers' memory before they run: in their threads nothing may be thrown.</summary>
    private static void Prepare(ref PageAttention[] workers, int count, CachePages pages, int queries, int positions)
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

    private sealed class Sentence(PageRun prompt, WrittenTokens written) : IDisposable
    {
        public PageRun Prompt => prompt;

        public WrittenTokens Written => written;

        public PageRun? Source { get; set; }

        public void Dispose()
        {
            prompt.Dispose();
            written.Dispose();
            Source?.Dispose();
        }
    }
}
