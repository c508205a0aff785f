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
    public void Negative_symbols_and_ranks_are_refused()
    {
        Assert.All(
            new Merge[] { new(-1, 0, 0, 0), new(0, -1, 0, 0), new(0, 0, -1, 0), new(0, 0, 0, -1), new(0, 0, int.MaxValue, 0) },
            merge => Assert.Throws<ArgumentOutOfRangeException>(() => new MergeTable([merge])));
    }
}
