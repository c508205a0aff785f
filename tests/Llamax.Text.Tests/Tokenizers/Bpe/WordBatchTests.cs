using CsCheck;
using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tests.Tokenizers.Bpe;

/// <summary>Words merged side by side beside the obvious algorithm.</summary>
public sealed class WordBatchTests
{
    private static readonly int[] ByteIds = [.. Enumerable.Range(0, 256)];

    // Over few bytes, the first and the last one among them, whatever two tokens there are merge.
    private static readonly Gen<int> Letter = Gen.Int[0, 2].Select(letter => letter < 2 ? letter : 255);
    private static readonly Gen<int[]> Word = Letter.Array[1, WordBatch.LongestWord];

    [Fact]
    public void Words_become_what_the_obvious_algorithm_makes_of_them()
    {
        var merged = 0;
        Gen.Select(Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[0, 60], Word.Array[1, WordBatch.Room].Array[1, 3]).Sample((pairs, batches) =>
        {
            var merges = Merges(pairs);
            var (table, batch) = (RankedMerges.TryCreate(new MergeTable(merges), ByteIds, 1000)!, new WordBatch());
            foreach (var words in batches)
            {
                batch.Clear();
                foreach (var word in words)
                {
                    batch.Add(word.Select(value => (byte)value).ToArray(), table);
                }

                batch.Merge(table);
                for (var i = 0; i < words.Length; i++)
                {
                    var ids = new int[batch.Tokens(i)];
                    batch.Write(i, ids);
                    Assert.Equal(MergeEngineTests.Obvious(words[i], merges), ids);
                    merged += words[i].Length - ids.Length;
                }
            }
        }, iter: 500, threads: 1);
        Assert.True(merged > 10_000);
    }

    [Fact]
    public void Ids_that_do_not_rise_with_the_ranks_are_left_to_others()
    {
        Assert.NotNull(Table(new(0, 1, 0, 256), new(1, 2, 1, 257)));
        Assert.NotNull(Table(new(0, 1, 0, 256), new(1, 2, 0, 256)));
        Assert.Null(Table(new(0, 1, 0, 257), new(1, 2, 1, 256)));
        Assert.Null(Table(new(0, 1, 0, 256), new(1, 2, 1, 256)));
        Assert.Null(Table(new(0, 1, 0, 256), new(1, 2, 0, 257)));
        Assert.Null(Table(new Merge(0, 1, 0, 7)));
    }

    [Fact]
    public void Pairs_chosen_to_collide_are_left_to_others_before_long()
    {
        // All of them belong into the first of 256 buckets.
        var merges = new List<Merge>();
        for (var pair = 0; merges.Count < 1000; pair++)
        {
            if (RankedMerges.Hash(RankedMerges.Key(pair / 1000 + 1, pair % 1000 + 1)) >> 56 == 0)
            {
                merges.Add(new Merge(pair / 1000, pair % 1000, merges.Count, 1_000_000 + merges.Count));
            }
        }

        Assert.Null(RankedMerges.TryCreate(new MergeTable([.. merges]), ByteIds, 1_001_000));
    }

    private static RankedMerges? Table(params Merge[] merges) => RankedMerges.TryCreate(new MergeTable(merges), ByteIds, 300);

    private static Merge[] Merges((int Left, int Right)[] pairs)
    {
        List<int> tokens = [0, 1, 255];
        var merges = new List<Merge>();
        foreach (var (left, right) in pairs.Select(pair => (tokens[pair.Left % tokens.Count], tokens[pair.Right % tokens.Count])))
        {
            if (!merges.Exists(merge => (merge.Left, merge.Right) == (left, right)))
            {
                merges.Add(new Merge(left, right, merges.Count, 256 + merges.Count));
                tokens.Add(merges[^1].Result);
            }
        }

        return [.. merges];
    }
}
