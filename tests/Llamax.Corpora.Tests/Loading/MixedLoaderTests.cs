using Llamax.Corpora.Loading;
using Llamax.Corpora.Loading.Mixing;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Loading;

public sealed class MixedLoaderTests : IDisposable
{
    private static readonly BatchOptions Options = new()
    {
        BatchTokens = 64,
        MaxSequence = 64,
        WindowBatches = 4,
        Mixing = new MixingOptions { Temperature = 5, Weights = new Dictionary<string, double> { [ExampleKinds.Parallel] = 3, ["ja"] = 0 } },
    };

    private readonly TemporaryFolder temporary = new();

    /// <summary>Of each entry's number its group: 900 en, 90 sw, 10 ja; 100 en-fr, 7 en-sw.</summary>
    private readonly List<TrainingExample> examples =
    [
        .. new[] { ("mono", "en", 900), ("mono", "ja", 10), ("mono", "sw", 90), ("parallel", "en-fr", 100), ("parallel", "en-sw", 7) }
            .SelectMany(group => Enumerable.Repeat((Kind: group.Item1, Direction: group.Item2), group.Item3))
            .Select((group, i) => new TrainingExample([i, .. Enumerable.Repeat(5, 1 + (i * 7 % 20))], 0, group.Kind, group.Direction)),
    ];

    public MixedLoaderTests() => ShardSamples.Write(temporary.File("data"), examples, new ShardOptions { Rows = 300 });

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void An_epoch_has_exactly_the_shares_of_the_settings()
    {
        using var loader = Open(Options);

        var seen = Entries(loader, 0).CountBy(entry => examples[entry].Direction).ToDictionary();

        // Mono 1,000 : parallel 107 · 3; fifth roots within the kinds.
        var (mono, parallel) = (1107 * 1000 / 1321.0, 1107 * 321 / 1321.0);
        var (monoRoots, parallelRoots) = (Math.Pow(900, 0.2) + Math.Pow(90, 0.2), Math.Pow(100, 0.2) + Math.Pow(7, 0.2));
        Assert.Equal(1107, seen.Values.Sum());
        Assert.False(seen.ContainsKey("ja"));
        Assert.InRange(seen["en"] - (mono * Math.Pow(900, 0.2) / monoRoots), -1, 1);
        Assert.InRange(seen["sw"] - (mono * Math.Pow(90, 0.2) / monoRoots), -1, 1);
        Assert.InRange(seen["en-fr"] - (parallel * Math.Pow(100, 0.2) / parallelRoots), -1, 1);
        Assert.InRange(seen["en-sw"] - (parallel * Math.Pow(7, 0.2) / parallelRoots), -1, 1);
    }

    [Fact]
    public void Through_the_epochs_no_entry_of_a_group_comes_more_than_once_oftener_than_another()
    {
        using var loader = Open(Options);
        var counts = new int[examples.Count];
        for (var epoch = 0; epoch < 5; epoch++)
        {
            foreach (var entry in Entries(loader, epoch))
            {
                counts[entry]++;
            }

            foreach (var group in examples.Index().GroupBy(each => each.Item.Direction, each => counts[each.Index]))
            {
                Assert.InRange(group.Max() - group.Min(), 0, 1);
            }
        }

        Assert.True(counts[^1] > 5 * counts[0]); // en-sw came oftener than en.
    }

    [Fact]
    public void From_every_position_the_remaining_batches_are_the_same()
    {
        using var whole = Open(Options);
        using var resumed = Open(Options);
        var batches = new List<(LoaderPosition Position, int[] Ids)>();
        while (whole.Position.Epoch < 2)
        {
            batches.Add((whole.Position, whole.Next().InputIds));
        }

        foreach (var (position, ids) in batches.AsEnumerable().Reverse())
        {
            resumed.Seek(position);
            Assert.Equal(ids, resumed.Next().InputIds);
        }
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(7, true)]
    [InlineData(64, false)]
    public void The_ranks_share_an_epoch_in_equal_numbers_of_batches(int size, bool mixes)
    {
        var options = mixes ? Options : Options with { Mixing = MixingOptions.None };
        using var alone = Open(options);
        var expected = Entries(alone, 0).Order().ToList();
        var loaders = Enumerable.Range(0, size).Select(rank => Open(options, rank, size)).ToList();
        var seen = new List<int>();
        var steps = 0;
        for (; loaders[0].Position.Epoch == 0; steps++)
        {
            foreach (var loader in loaders)
            {
                var batch = loader.Next();
                Assert.InRange(batch.Rows * batch.Columns, 0, 64);
                seen.AddRange(Numbers(batch));
            }

            Assert.Single(loaders.Select(loader => loader.Position).Distinct());
        }

        Assert.Equal(expected, seen.Order());
        Assert.All(loaders, loader => Assert.Equal(steps, loader.CountBatches(0)));
        loaders.ForEach(loader => loader.Dispose());
    }

    [Fact]
    public void At_the_beginning_of_a_window_any_number_of_ranks_goes_on_with_the_same_entries()
    {
        using var alone = Open(Options);
        for (var windows = 0; windows < 5; windows += alone.Position.Batch == 0 ? 1 : 0)
        {
            alone.Next();
        }

        var position = alone.Position;
        var expected = Entries(alone, 0).Order().ToList();
        var seen = new List<int>();
        for (var rank = 0; rank < 3; rank++)
        {
            using var loader = Open(Options, rank, 3);
            loader.Seek(position);
            seen.AddRange(Entries(loader, 0));
        }

        Assert.True(expected.Count is > 300 and < 1100);
        Assert.Equal(expected, seen.Order());
    }

    [Fact]
    public void A_weight_for_nothing_is_an_error()
    {
        var options = Options with { Mixing = new MixingOptions { Weights = new Dictionary<string, double> { ["de"] = 2 } } };
        Assert.Contains("'de' is neither a kind", Assert.Throws<LlamaxException>(() => Open(options)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Entries(BatchLoader loader, int epoch)
    {
        while (loader.Position.Epoch == epoch)
        {
            foreach (var number in Numbers(loader.Next()))
            {
                yield return number;
            }
        }
    }

    private static IEnumerable<int> Numbers(TokenBatch batch) => Enumerable.Range(0, batch.Rows).Select(row => batch.InputIds[row * batch.Columns]);

    private BatchLoader Open(BatchOptions options, int rank = 0, int size = 1) => new(temporary.File("data"), options, seed: 9, rank, size);
}
