using System.Runtime.InteropServices;

namespace Llamax.Models.Attention;

/// <summary>
/// Pages of native memory for keys and values of 16 positions each, all layers and heads together. A page that is given
/// back is used again, so a long run takes no more memory than its busiest moment.
/// </summary>
internal sealed unsafe class CachePages(int layers, int heads, int headSize) : IDisposable
{
    /// <summary>Positions of a page: the numbers of the widest vector.</summary>
    public const int Positions = 16;

    private const nuint Alignment = 64;

    private readonly List<nint> all = [];
    private readonly Stack<nint> free = new();

    /// <summary>Key and value heads of a layer.</summary>
    public int Heads => heads;

    /// <summary>Width of a head.</summary>
    public int HeadSize => headSize;

    /// <summary>Room for a head: its width rounded up to whole vectors, filled up with zeros.</summary>
    public int Width { get; } = (headSize + Positions - 1) / Positions * Positions;

    /// <summary>Bytes of the pages in use.</summary>
    public long Bytes => (all.Count - free.Count) * PageBytes;

    /// <summary>Bytes of a page.</summary>
    public long PageBytes => 2L * layers * heads * Positions * Width * sizeof(float);

    /// <summary>How many pages so many positions take.</summary>
    public static int Count(int positions) => (positions + Positions - 1) / Positions;

    /// <summary>A page whose numbers are anything.</summary>
    /// <exception cref="OutOfMemoryException">There is no more memory.</exception>
    public nint Take()
    {
        if (free.TryPop(out var page))
        {
            return page;
        }

        page = (nint)NativeMemory.AlignedAlloc((nuint)PageBytes, Alignment);
        all.Add(page);
        return page;
    }

    /// <summary>Takes back a page.</summary>
    public void Return(nint page) => free.Push(page);

    /// <summary>Keys of a head. Of a prompt, <c>[width, 16]</c>: numbers of 16 keys side by side; of written tokens, <c>[16, width]</c>.</summary>
    public float* Keys(nint page, int layer, int head) => (float*)page + (2L * ((layer * heads) + head) * Positions * Width);

    /// <summary>Values of a head, <c>[16, width]</c>.</summary>
    public float* Values(nint page, int layer, int head) => Keys(page, layer, head) + (Positions * Width);

    public void Dispose()
    {
        foreach (var page in all)
        {
            NativeMemory.AlignedFree((void*)page);
        }

        all.Clear();
        free.Clear();
    }
}
