using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Llamax.Models.Attention;

/// <summary>
/// The attention of some queries of a sentence to what one head keeps of it. Keys and values of a page are loaded once
/// for all queries. The order of operations depends on the sentence alone: what else runs beside it changes no bit.
/// </summary>
internal sealed unsafe class PageAttention(CachePages pages) : IDisposable
{
    private const int Lanes = CachePages.Positions;

    private float* room;
    private long roomSize;
    private int queries, width, context;
    private float* query;
    private float* mixed;
    private float* scores;

    /// <summary>Takes memory for so many queries and positions, as <see cref="Begin"/> counts them.</summary>
    public void Reserve(int count, int positions)
    {
        var needed = (long)Rows(count) * ((2 * pages.Width) + positions);
        if (needed > roomSize)
        {
            NativeMemory.AlignedFree(room);
            room = null;
            roomSize = 0;
            room = (float*)NativeMemory.AlignedAlloc((nuint)(2 * needed * sizeof(float)), 64);
            roomSize = 2 * needed;
        }
    }

    /// <summary>Begins with new queries, within what was reserved.</summary>
    /// <param name="count">Number of queries.</param>
    /// <param name="positions">Positions that they attend to, each run of pages rounded up to whole pages.</param>
    public void Begin(int count, int positions)
    {
        (queries, width, context) = (count, pages.Width, positions);
        var rows = Rows(count);
        query = room;
        mixed = query + ((long)rows * width);
        scores = mixed + ((long)rows * width);
        new Span<float>(query, rows * 2 * width).Clear();
    }

    /// <summary>Sets a query, <c>[head_dim]</c>.</summary>
    public void SetQuery(int number, float* values)
    {
        var to = query + (number * width);
        var scale = 1 / MathF.Sqrt(pages.HeadSize);
        for (var j = 0; j < pages.HeadSize; j++)
        {
            to[j] = values[j] * scale;
        }
    }

    /// <summary>Scores of all queries for a run of pages.</summary>
    /// <param name="run">The pages.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="head">The key head.</param>
    /// <param name="first">Where the run begins in the scores.</param>
    public void Score(PageRun run, int layer, int head, int first)
    {
        for (var page = 0; page < run.Count; page += 2)
        {
            var one = pages.Keys(run[page], layer, head);
            var other = page + 1 < run.Count ? pages.Keys(run[page + 1], layer, head) : null;
            for (var q = 0; q < queries; q += 4)
            {
                var at = scores + ((long)q * context) + first + (page * Lanes);
                if (other is not null)
                {
                    PageKernels.ScoreTwoPages(query + (q * width), one, other, at, width, context);
                }
                else
                {
                    PageKernels.ScorePage(query + (q * width), one, at, width, context);
                }
            }
        }

        for (var q = 0; q < queries; q++)
        {
            new Span<float>(scores + ((long)q * context) + first + run.Length, (run.Count * Lanes) - run.Length).Fill(float.NegativeInfinity);
        }
    }

    /// <summary>Scores of the queries of each beam for what its ancestors wrote.</summary>
    public void Score(WrittenTokens written, int beams, int layer, int head, int first)
    {
        var groups = queries / beams;
        for (var beam = 0; beam < beams; beam++)
        {
            var ancestors = written.Ancestors(beam);
            for (var step = 0; step < ancestors.Length; step++)
            {
                var key = pages.Keys(written.Page(step, ancestors[step]), layer, head) + (step % Lanes * width);
                for (var q = beam * groups; q < (beam + 1) * groups; q++)
                {
                    var sum = Vector512<float>.Zero;
                    for (var j = 0; j < width; j += Lanes)
                    {
                        sum = Vector512.FusedMultiplyAdd(Vector512.Load(query + (q * width) + j), Vector512.Load(key + j), sum);
                    }

                    scores[((long)q * context) + first + step] = Vector512.Sum(sum);
                }
            }
        }

        for (var q = 0; q < queries; q++)
        {
            var end = first + written.Steps;
            new Span<float>(scores + ((long)q * context) + end, context - end).Fill(float.NegativeInfinity);
        }
    }

    /// <summary>Adds to the scores of a query; <paramref name="bias"/> is of the positions from <paramref name="first"/> on.</summary>
    public void Add(int number, int first, ReadOnlySpan<float> bias)
    {
        var at = scores + ((long)number * context) + first;
        for (var i = 0; i < bias.Length; i++)
        {
            at[i] += bias[i];
        }
    }

    /// <summary>Turns the scores into weights; what they sum to is left to <see cref="Read"/>.</summary>
    public void Weigh()
    {
        for (var q = 0; q < queries; q++)
        {
            var row = scores + ((long)q * context);
            var max = Vector512.Create(float.NegativeInfinity);
            for (var i = 0; i < context; i += Lanes)
            {
                max = Vector512.Max(max, Vector512.Load(row + i));
            }

            var greatest = float.NegativeInfinity;
            for (var lane = 0; lane < Lanes; lane++)
            {
                greatest = Math.Max(greatest, max[lane]);
            }

            max = Vector512.Create(greatest);
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < context; i += Lanes)
            {
                var weight = Vector512.Exp(Vector512.Load(row + i) - max);
                sum += weight;
                weight.Store(row + i);
            }

            var share = Vector512.Create(1 / Vector512.Sum(sum));
            for (var i = 0; i < context; i += Lanes)
            {
                (Vector512.Load(row + i) * share).Store(row + i);
            }
        }
    }

    /// <summary>Adds the weighted values of a run of pages.</summary>
    public void Mix(PageRun run, int layer, int head, int first)
    {
        for (var page = 0; page < run.Count; page++)
        {
            var values = pages.Values(run[page], layer, head);
            var count = Math.Min(Lanes, run.Length - (page * Lanes));
            for (var q = 0; q < queries; q += 4)
            {
                var weights = scores + ((long)q * context) + first + (page * Lanes);
                var column = 0;
                for (; column <= width - (4 * Lanes); column += 4 * Lanes)
                {
                    PageKernels.MixFourVectors(values + column, weights, count, mixed + (q * width) + column, width, context);
                }

                for (; column < width; column += Lanes)
                {
                    PageKernels.MixVector(values + column, weights, count, mixed + (q * width) + column, width, context);
                }
            }
        }
    }

    /// <summary>Adds the weighted values of what the ancestors of each beam wrote.</summary>
    public void Mix(WrittenTokens written, int beams, int layer, int head, int first)
    {
        var groups = queries / beams;
        for (var beam = 0; beam < beams; beam++)
        {
            var ancestors = written.Ancestors(beam);
            for (var step = 0; step < ancestors.Length; step++)
            {
                var value = pages.Values(written.Page(step, ancestors[step]), layer, head) + (step % Lanes * width);
                for (var q = beam * groups; q < (beam + 1) * groups; q++)
                {
                    var weight = Vector512.Create(scores[((long)q * context) + first + step]);
                    var to = mixed + (q * width);
                    for (var j = 0; j < width; j += Lanes)
                    {
                        Vector512.FusedMultiplyAdd(weight, Vector512.Load(value + j), Vector512.Load(to + j)).Store(to + j);
                    }
                }
            }
        }
    }

    /// <summary>Writes out the mixture of a query, <c>[head_dim]</c>.</summary>
    public void Read(int number, float* to) => new Span<float>(mixed + (number * width), pages.HeadSize).CopyTo(new Span<float>(to, pages.HeadSize));

    public void Dispose()
    {
        NativeMemory.AlignedFree(room);
        room = null;
    }

    /// <summary>Queries are taken by four; those that are missing are zero.</summary>
    private static int Rows(int count) => (count + 3) / 4 * 4;
}
