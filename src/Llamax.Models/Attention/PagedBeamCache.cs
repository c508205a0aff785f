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
    private readonly CachePages pages = new(layers, keyValueHeads, headSize);
    private readonly PromptAttention prompts = new(layers);
    private readonly List<Sentence> sentences = [];
    private readonly DistanceTable distances = new();
    private readonly PagedSources sources = new(layers);
    private readonly PageWorkers workers = new();
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
    public override long Bytes => pages.Bytes + sources.Bytes;

    /// <summary>Bytes of the pages that prompts and encoders' states take, without what beams wrote.</summary>
    internal long PromptBytes => Bytes - (sentences.Sum(sentence => sentence.Written.Pages) * pages.PageBytes);

    /// <inheritdoc/>
    public override bool PadsPrompts => false;

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
                sentence.Source = sources.Store(encoded[i]);
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
        if (sentences is not [{ Source: not null }, ..])
        {
            return base.AttendAcross(layer, q);
        }

        using var scope = NewDisposeScope();
        if (reading == Reading.Tokens)
        {
            return sources.Attend(
                layer, q.contiguous(), sentences.ConvertAll(sentence => sentence.Source!), [.. Enumerable.Repeat(beams, sentences.Count)])
                .MoveToOuterDisposeScope();
        }

        var rows = q.permute(2, 1, 0, 3).contiguous(); // [tokens, heads, 1, head_dim]
        return sources.Attend(layer, rows, [.. sentences.TakeLast(entering.Length).Select(sentence => sentence.Source!)], entering)
            .permute(2, 1, 0, 3).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        prompts.Dispose();
        workers.Dispose();
        sources.Dispose();
        pages.Dispose();
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
        var count = TorchThreads.Workers(items, PageWorkers.Grain / (2L * beams * groups * headSize * longest));
        workers.Prepare(count, pages, beams * groups, longest + (3 * CachePages.Positions));
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
