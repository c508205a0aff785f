using System.Diagnostics;
using CsCheck;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

public sealed class MergeTableTests
{
    [Fact]
    public void Every_merge_is_found_and_nothing_else()
    {
        var symbol = Gen.OneOf(Gen.Int[0, 5], Gen.Int[0, 300_000], Gen.Const(int.MaxValue));
        Gen.Select(symbol, symbol, Gen.Int[0, 9]).Array[0, 50].Sample(rows =>
        {
            var merges = rows.Select((row, i) => new Merge(row.Item1, row.Item2, row.Item3, i)).ToArray();
            var table = new MergeTable(merges);
            foreach (var (left, right) in rows.SelectMany(row => new[] { (row.Item1, row.Item2), (row.Item2, row.Item1) }))
            {
                var expected = merges.LastOrDefault(merge => (merge.Left, merge.Right) == (left, right), new Merge(0, 0, int.MaxValue, -1));
                Assert.Equal(expected.Result >= 0, table.Find(left, right, out var rank, out var result));
                Assert.Equal((expected.Rank, expected.Result), (rank, result));
            }
        });
    }

    [Fact]
    public void Pairs_that_were_chosen_to_collide_take_no_more_time()
    {
        // By the golden ratio, which multiplies pairs unless they collide, all of these come to lie in one part of 24.
        var merges = new List<Merge>();
        for (var left = 0; left < 3000; left++)
        {
            for (var right = 0; right < 3000; right++)
            {
                if (((ulong)(uint)left << 32 | (uint)right) * 0x9E3779B97F4A7C15 < ulong.MaxValue / 24)
                {
                    merges.Add(new Merge(left, right, merges.Count, merges.Count));
                }
            }
        }

        var clock = Stopwatch.StartNew();
        var table = MergeTable.Taking([.. merges]);
        Assert.All(merges, merge => Assert.True(table.Find(merge.Left, merge.Right, out var rank, out _) && rank == merge.Rank));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    [Fact]
    public void Negative_symbols_and_ranks_are_refused()
    {
        Assert.All(
            new Merge[] { new(-1, 0, 0, 0), new(0, -1, 0, 0), new(0, 0, -1, 0), new(0, 0, 0, -1), new(0, 0, int.MaxValue, 0) },
            merge => Assert.Throws<ArgumentOutOfRangeException>(() => new MergeTable([merge])));
    }
}
