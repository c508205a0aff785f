using CsCheck;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

/// <summary>The engine beside a slow, obvious one, on random merges.</summary>
public sealed class MergeEngineTests
{
    // Two letters and few symbols: pairs repeat, runs overlap, ranks tie, results come again as parts.
    private static readonly Gen<Merge[]> Merges =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 6], Gen.Int[0, 9]).Select((left, right, rank, result) => new Merge(left, right, rank, result))
            .Array[0, 30];

    [Theory]
    [InlineData(4)] // Hardly ever enough: begins anew again and again.
    [InlineData(16)]
    [InlineData(128)]
    public void Symbols_are_those_of_the_obvious_algorithm(int window)
    {
        var workspace = new MergeWorkspace();
        Gen.Select(Merges, Gen.OneOf(Gen.Int[0, 3].Array[0, 60], Gen.Int[0, 1].Array[0, 300])).Sample((merges, symbols) =>
        {
            var engine = new MergeEngine(new MergeTable(merges), window);
            var actual = symbols.ToArray();
            Assert.Equal(Obvious(symbols, merges), actual[..engine.Merge(actual, workspace)]);
        }, iter: 4_000, threads: 1);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(128)]
    public void Learnt_merges_give_what_the_obvious_algorithm_gives(int window)
    {
        // As a trainer makes them: each merge joins two symbols that are there, a later one has a higher rank.
        var workspace = new MergeWorkspace();
        var parts = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[1, 40];
        Gen.Select(parts, Gen.Bool, Gen.Int[0, 1].Array[0, 400]).Sample((parts, tied, symbols) =>
        {
            var merges = parts.Select((part, i) => new Merge(part.Item1 % (i + 2), part.Item2 % (i + 2), tied ? i / 4 : i, i + 2)).ToArray();
            var engine = new MergeEngine(new MergeTable(merges), window);
            var actual = symbols.ToArray();
            Assert.Equal(Obvious(symbols, merges), actual[..engine.Merge(actual, workspace)]);
        }, iter: 2_000, threads: 1);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(128)]
    public void Runs_of_one_symbol_give_what_the_obvious_algorithm_gives(int window)
    {
        // Pieces of 2, 4, 8, … and of 3, 6, … symbols, some of them longer than a window.
        var workspace = new MergeWorkspace();
        Gen.Select(Gen.Int[0, 6].Array[7], Gen.Int[0, 700]).Sample((ranks, length) =>
        {
            Merge[] merges = [.. Enumerable.Range(0, 5).Select(i => new Merge(i, i, ranks[i], i + 1)), new(1, 0, ranks[5], 6), new(6, 6, ranks[6], 7)];
            var engine = new MergeEngine(new MergeTable(merges), window);
            var actual = new int[length];
            Assert.Equal(Obvious(actual, merges), actual[..engine.Merge(actual, workspace)]);
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void A_long_sequence_is_read_hardly_more_than_once()
    {
        // Random letters, and merges as a trainer finds them in such: every pair is a piece.
        var random = new RandomStream(3, "letters");
        int[] letters = [.. Enumerable.Range(0, 200_000).Select(_ => random.Next(5))];
        Merge[] merges = [.. Enumerable.Range(0, 25).Select(i => new Merge(i / 5, i % 5, i, 5 + i)),
            .. Enumerable.Range(0, 400).Select(i => new Merge(random.Next(30), random.Next(30), 25 + i, 30 + i))];
        foreach (var symbols in new[] { letters, new int[200_000] })
        {
            var (source, output) = (new CountingSource(symbols), new TokenBuffer());
            new MergeEngine(new MergeTable(merges)).Merge(source, output, new MergeWorkspace());
            Assert.InRange(source.Count, symbols.Length, symbols.Length * 3 / 2);
        }
    }

    /// <summary>Looks for the best pair, the leftmost among equals, merges it, and begins again.</summary>
    internal static List<int> Obvious(IEnumerable<int> start, IEnumerable<Merge> merges)
    {
        var symbols = start.ToList();
        var table = new Dictionary<(int Left, int Right), Merge>();
        foreach (var merge in merges)
        {
            table[(merge.Left, merge.Right)] = merge;
        }

        while (true)
        {
            var best = -1;
            for (var i = 0; i + 1 < symbols.Count; i++)
            {
                if (table.TryGetValue((symbols[i], symbols[i + 1]), out var merge)
                    && (best < 0 || merge.Rank < table[(symbols[best], symbols[best + 1])].Rank))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                return symbols;
            }

            symbols[best] = table[(symbols[best], symbols[best + 1])].Result;
            symbols.RemoveAt(best + 1);
        }
    }

    private sealed class CountingSource(int[] all) : ISymbolSource
    {
        public int Count { get; private set; }

        public int Read(int place, Span<int> symbols)
        {
            var part = all.AsSpan(place, Math.Min(symbols.Length, all.Length - place));
            part.CopyTo(symbols);
            Count += part.Length;
            return part.Length;
        }

        public int Skip(int place, int count) => place + count;
    }
}
