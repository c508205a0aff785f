using System.Runtime.Intrinsics;

namespace Llamax.Models.Attention;

/// <summary>
/// The inner loops of <see cref="PageAttention"/>. Queries and mixtures stand <c>width</c> apart, scores and weights of
/// successive queries <c>context</c> apart.
/// </summary>
internal static unsafe class PageKernels
{
    private const int Lanes = CachePages.Positions;

    /// <summary>Scores of four queries for the 16 keys of a page.</summary>
    public static void ScorePage(float* q, float* keys, float* to, int width, int context)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (var j = 0; j < width; j++)
        {
            var key = Vector512.Load(keys + (j * Lanes));
            a = Vector512.FusedMultiplyAdd(Vector512.Create(q[j]), key, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Create(q[width + j]), key, b);
            c = Vector512.FusedMultiplyAdd(Vector512.Create(q[(2 * width) + j]), key, c);
            d = Vector512.FusedMultiplyAdd(Vector512.Create(q[(3 * width) + j]), key, d);
        }

        a.Store(to);
        b.Store(to + context);
        c.Store(to + (2L * context));
        d.Store(to + (3L * context));
    }

    /// <summary>The same for two pages at once, which keeps more sums going side by side.</summary>
    public static void ScoreTwoPages(float* q, float* one, float* other, float* to, int width, int context)
    {
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (e, f, g, h) = (a, b, c, d);
        for (var j = 0; j < width; j++)
        {
            var (key, next) = (Vector512.Load(one + (j * Lanes)), Vector512.Load(other + (j * Lanes)));
            var (first, second) = (Vector512.Create(q[j]), Vector512.Create(q[width + j]));
            a = Vector512.FusedMultiplyAdd(first, key, a);
            b = Vector512.FusedMultiplyAdd(second, key, b);
            e = Vector512.FusedMultiplyAdd(first, next, e);
            f = Vector512.FusedMultiplyAdd(second, next, f);
            var (third, fourth) = (Vector512.Create(q[(2 * width) + j]), Vector512.Create(q[(3 * width) + j]));
            c = Vector512.FusedMultiplyAdd(third, key, c);
            d = Vector512.FusedMultiplyAdd(fourth, key, d);
            g = Vector512.FusedMultiplyAdd(third, next, g);
            h = Vector512.FusedMultiplyAdd(fourth, next, h);
        }

        a.Store(to);
        e.Store(to + Lanes);
        b.Store(to + context);
        f.Store(to + context + Lanes);
        c.Store(to + (2L * context));
        g.Store(to + (2L * context) + Lanes);
        d.Store(to + (3L * context));
        h.Store(to + (3L * context) + Lanes);
    }

    /// <summary>Adds <paramref name="count"/> values, weighted, to four vectors of four mixtures.</summary>
    public static void MixFourVectors(float* values, float* weights, int count, float* to, int width, int context)
    {
        for (var pair = 0; pair < 2; pair++, weights += 2L * context, to += 2 * width)
        {
            var (a, b, c, d) = (Vector512.Load(to), Vector512.Load(to + Lanes), Vector512.Load(to + (2 * Lanes)), Vector512.Load(to + (3 * Lanes)));
            var next = to + width;
            var (e, f, g, h) = (Vector512.Load(next), Vector512.Load(next + Lanes), Vector512.Load(next + (2 * Lanes)), Vector512.Load(next + (3 * Lanes)));
            for (var i = 0; i < count; i++)
            {
                var value = values + (i * width);
                var (first, second) = (Vector512.Create(weights[i]), Vector512.Create(weights[context + i]));
                var (v, w) = (Vector512.Load(value), Vector512.Load(value + Lanes));
                a = Vector512.FusedMultiplyAdd(first, v, a);
                b = Vector512.FusedMultiplyAdd(first, w, b);
                e = Vector512.FusedMultiplyAdd(second, v, e);
                f = Vector512.FusedMultiplyAdd(second, w, f);
                (v, w) = (Vector512.Load(value + (2 * Lanes)), Vector512.Load(value + (3 * Lanes)));
                c = Vector512.FusedMultiplyAdd(first, v, c);
                d = Vector512.FusedMultiplyAdd(first, w, d);
                g = Vector512.FusedMultiplyAdd(second, v, g);
                h = Vector512.FusedMultiplyAdd(second, w, h);
            }

            a.Store(to);
            b.Store(to + Lanes);
            c.Store(to + (2 * Lanes));
            d.Store(to + (3 * Lanes));
            e.Store(next);
            f.Store(next + Lanes);
            g.Store(next + (2 * Lanes));
            h.Store(next + (3 * Lanes));
        }
    }

    /// <summary>The same for one vector of four mixtures.</summary>
    public static void MixVector(float* values, float* weights, int count, float* to, int width, int context)
    {
        for (var q = 0; q < 4; q++)
        {
            var sum = Vector512.Load(to + (q * width));
            for (var i = 0; i < count; i++)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(weights[((long)q * context) + i]), Vector512.Load(values + (i * width)), sum);
            }

            sum.Store(to + (q * width));
        }
    }
}
