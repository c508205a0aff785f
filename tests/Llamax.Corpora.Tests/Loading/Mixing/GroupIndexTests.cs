using CsCheck;
using Llamax.Corpora.Loading.Mixing;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Loading.Mixing;

public sealed class GroupIndexTests
{
    [Fact]
    public void Every_member_is_where_a_plain_list_has_it() => Gen.Select(Gen.Int[0, 5].Array[1, 12_000], Gen.Int[1, 20_000]).Sample(
        (groups, shardRows) =>
        {
            using var temporary = new TemporaryFolder();
            ShardSamples.Write(temporary.File("data"), groups.Select(Entry), new ShardOptions { Rows = shardRows });
            using var set = new ShardSet(temporary.File("data"));

            var index = new GroupIndex(set);

            for (var i = 0; i < index.Groups.Count; i++)
            {
                var expected = groups.Index().Where(each => Entry(each.Item) is var entry && (entry.Kind, entry.Direction) == (index.Groups[i].Kind, index.Groups[i].Direction))
                    .Select(each => (long)each.Index);
                Assert.Equal(expected, Enumerable.Range(0, (int)index.Groups[i].Rows).Select(member => index.Row(i, member)));
            }

            Assert.Equal(groups.Distinct().Count(), index.Groups.Count);
        }, iter: 12);

    [Fact]
    public void A_million_rows_take_a_few_kilobytes()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), Enumerable.Range(0, 1 << 20).Select(i => Entry(i % 6)));
        using var set = new ShardSet(temporary.File("data"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var index = new GroupIndex(set);
        for (var member = 0; member < 1000; member++)
        {
            _ = index.Row(member % 6, member * 170);
        }

        Assert.InRange(index.Marks, 6, 6 * ((1 << 9) + 1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    private static TrainingExample Entry(int group) =>
        new([group, 1], 0, group < 3 ? ExampleKinds.Monolingual : ExampleKinds.Parallel, $"l{group % 3}");
}
