using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Llamax.Corpora.Cleaning.Spans;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Cleaning;

/// <summary>
/// Signatures by which near duplicates meet: the MinHash of a text's word spans (Broder, 1997), cut into bands, each
/// band a hash (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4). Two texts are near duplicates if
/// one of their bands is the same. A band of a pair is of both sides, half of its rows each, so that pairs meet as texts
/// do whose likeness is the geometric mean of the sides'; one equal side is not enough, however long. Immutable and
/// thread-safe; nothing is allocated for a text.
/// </summary>
public sealed class NearDuplicates
{
    private const int Block = 64;
    private readonly int span;
    private readonly int rows;
    private readonly long seed;
    private readonly uint[] masks;
    private readonly uint[] factors;

    /// <summary>Signatures under a seed.</summary>
    /// <param name="options">How alike texts have to be.</param>
    /// <param name="seed">The run's seed.</param>
    public NearDuplicates(NearDuplicateOptions options, long seed)
    {
        (Bands, rows, span, this.seed) = (options.Bands, options.Rows, options.Span, seed);
        var random = new RandomStream(seed, "near_duplicates");
        var count = (Bands * rows + Vector<uint>.Count - 1) / Vector<uint>.Count * Vector<uint>.Count;
        (masks, factors) = (new uint[count], new uint[count]);
        for (var i = 0; i < Bands * rows; i++) // A machine with wider vectors draws the same numbers.
        {
            var draw = random.NextUInt64();
            (masks[i], factors[i]) = ((uint)(draw >> 32), (uint)draw | 1);
        }
    }

    /// <summary>Bands of a signature.</summary>
    public int Bands { get; }

    /// <summary>Computes a signature.</summary>
    /// <param name="languages">Code of the language, or of the two in the order of the texts with a hyphen between: near duplicates are of the same languages.</param>
    /// <param name="text">The text, or one side of a pair.</param>
    /// <param name="second">The other side; empty for a text.</param>
    /// <param name="bands">Receives <see cref="Bands"/> hashes.</param>
    /// <returns>False where the text, or a side of the pair, is shorter than one span.</returns>
    public bool TryBands(ReadOnlySpan<byte> languages, ReadOnlySpan<byte> text, ReadOnlySpan<byte> second, Span<UInt128> bands)
    {
        Span<uint> minima = stackalloc uint[masks.Length];
        Span<uint> others = stackalloc uint[second.IsEmpty ? 0 : masks.Length];
        if (!TryFill(text, minima) || (!second.IsEmpty && !TryFill(second, others)))
        {
            return false;
        }

        var hash = new XxHash128(seed);
        Span<byte> place = stackalloc byte[8];
        Span<uint> both = stackalloc uint[Math.Max(rows, 2)];
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], languages.Length);
        for (var band = 0; band < Bands; band++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(place, band);
            hash.Append(place);
            hash.Append(languages);
            hash.Append(MemoryMarshal.AsBytes(second.IsEmpty ? minima.Slice(band * rows, rows) : Both(band, minima, others, both)));
            bands[band] = hash.GetCurrentHashAsUInt128();
            hash.Reset();
        }

        return true;
    }

    /// <summary>A band's rows of both sides in turn, beginning with one and, in the next band, with the other; a single row is of both.</summary>
    private ReadOnlySpan<uint> Both(int band, ReadOnlySpan<uint> first, ReadOnlySpan<uint> second, Span<uint> both)
    {
        for (var row = 0; row < both.Length; row++)
        {
            var place = (band * rows) + Math.Min(row, rows - 1);
            both[row] = ((band + row) & 1) == 0 ? first[place] : second[place];
        }

        return both;
    }

    private bool TryFill(ReadOnlySpan<byte> text, Span<uint> minima)
    {
        minima.Fill(uint.MaxValue);
        Span<ulong> hashes = stackalloc ulong[SpanReader.Memory];
        Span<int> worths = stackalloc int[SpanReader.Memory];
        Span<uint> block = stackalloc uint[Block];
        var units = new UnitReader(text);
        var spans = new SpanReader(span, hashes, worths);
        var (count, any) = (0, false);
        while (units.TryNext(out var unit, out var worth))
        {
            if (!spans.TryAdd(unit, worth, out var found))
            {
                continue;
            }

            block[count++] = (uint)((found * 0xFF51AFD7ED558CCD) >> 32);
            any = true;
            if (count == Block)
            {
                Lower(minima, block);
                count = 0;
            }
        }

        Lower(minima, block[..count]);
        return any;
    }

    /// <summary>Lowers the minimum of each hash function to the lowest of these spans.</summary>
    private void Lower(Span<uint> minima, ReadOnlySpan<uint> spans)
    {
        for (var i = 0; i < masks.Length; i += Vector<uint>.Count)
        {
            var (mask, factor) = (new Vector<uint>(masks, i), new Vector<uint>(factors, i));
            var lowest = new Vector<uint>(minima[i..]);
            foreach (var each in spans)
            {
                lowest = Vector.Min(lowest, (new Vector<uint>(each) ^ mask) * factor);
            }

            lowest.CopyTo(minima[i..]);
        }
    }
}
