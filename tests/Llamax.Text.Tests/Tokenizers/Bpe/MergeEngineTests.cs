using CsCheck;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

/// <summary>The engine beside a slow, obvious one, on random merges.</summary>
public sealed class MergeEngineTests
{
    // Two letters and few symbols: pairs repeat, runs overlap, ranks tie, results come again as parts.
    private static readonly Gen<Merge[]> Merges =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 6], Gen.Int[0, 9]).Select((left, right, rank, result) => new Merge(left, right, rank, result))
            .Array[0, 30];

    [Fact]
    public void Symbols_are_those_of_the_obvious_algorithm()
    {
        var workspace = new MergeWorkspace();
        Gen.Select(Merges, Gen.Int[0, 3].Array[0, 60]).Sample((merges, symbols) =>
        {
            var engine = new MergeEngine(new MergeTable(merges));
            var actual = symbols.ToArray();
            Assert.Equal(Obvious(symbols, merges), actual[..engine.Merge(actual, workspace)]);
        }, iter: 20_000, threads: 1);
    }

    /// <summary>Looks for the best pair, the leftmost among equals, merges it, and begins again.</summary>
    internal static List<int> Obvious(IEnumerable<int> start, IEnumerable<Merge> merges)
    {
        var symbols = start.ToList();
        var table = merges.GroupBy(merge => (merge.Left, merge.Right)).ToDictionary(group => group.Key, group => group.Last());
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
}
