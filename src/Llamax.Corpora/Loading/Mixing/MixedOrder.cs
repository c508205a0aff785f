using Llamax.Corpora.Shards;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Loading.Mixing;

/// <summary>
/// Epochs in which groups have other shares than in the training set. The places of an epoch are dealt out to the groups
/// in seeded disorder, each group as many as its quota; a group's own entries come in a seeded order of their own that
/// goes on from epoch to epoch, so that none comes twice more often than another.
/// </summary>
internal sealed class MixedOrder
{
    private readonly GroupIndex index;
    private readonly KeyedPermutation[] inside;
    private readonly long[] ends;

    /// <summary>Reads the groups of a training set.</summary>
    /// <exception cref="LlamaxException">A weight fits no group, or nothing is left.</exception>
    public MixedOrder(ShardSet set, MixingOptions options, long seed)
    {
        index = new GroupIndex(set);
        var quotas = Quotas.Of(index.Groups, options);
        inside = [.. index.Groups.Select(group => new KeyedPermutation(group.Rows, new RandomStream(seed, "group", group.Kind, group.Direction)))];
        ends = new long[quotas.Length];
        var end = 0L;
        for (var group = 0; group < quotas.Length; group++)
        {
            ends[group] = end += quotas[group];
        }
    }

    /// <summary>The order of an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="places">A seeded order of the epoch's places.</param>
    public IEntryOrder Of(int epoch, KeyedPermutation places) => new Epoch(this, epoch, places);

    private sealed class Epoch(MixedOrder mix, int epoch, KeyedPermutation places) : IEntryOrder
    {
        public long this[long place]
        {
            get
            {
                var dealt = places[place];
                var found = Array.BinarySearch(mix.ends, dealt + 1);
                var group = found >= 0 ? found : ~found;

                // Equal ends are groups without a place; the first of them is the one that has it.
                while (group > 0 && mix.ends[group - 1] == mix.ends[group])
                {
                    group--;
                }

                var start = group == 0 ? 0 : mix.ends[group - 1];
                var member = (UInt128)(ulong)epoch * (ulong)(mix.ends[group] - start) + (ulong)(dealt - start);
                return mix.index.Row(group, mix.inside[group][(long)(member % (ulong)mix.index.Groups[group].Rows)]);
            }
        }
    }
}
