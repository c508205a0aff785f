using CsCheck;
using Llamax.Corpora.Loading;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Loading;

public sealed class BatchLoaderTests
{
    private static readonly BatchOptions Small = new() { BatchTokens = 64, MaxSequence = 64, WindowBatches = 4 };

    [Fact]
    public void Every_epoch_holds_every_entry_once_as_it_was_written() => Gen.Select(Gen.Int[2, 64].Array[1, 120], Gen.Int[1, 6]).Sample(
        (lengths, windows) =>
        {
            using var temporary = new TemporaryFolder();
            var examples = ShardSamples.Examples(lengths).ToList();
            ShardSamples.Write(temporary.File("data"), examples, new ShardOptions { Rows = 50 });
            using var loader = new BatchLoader(temporary.File("data"), Small with { WindowBatches = windows }, seed: 1);
            for (var epoch = 0; epoch < 2; epoch++)
            {
                var rows = Epoch(loader).SelectMany(Rows).ToList();
                Assert.Equal(examples.Count, rows.Count);
                foreach (var (ids, lossFrom) in rows)
                {
                    var example = examples[ids[0]];
                    Assert.Equal(example.InputIds, ids);
                    Assert.Equal(Math.Max(1, example.LossFrom), lossFrom);
                }

                Assert.Equal(examples.Count, rows.Select(row => row.Ids[0]).Distinct().Count());
            }
        }, iter: 15);

    [Fact]
    public void No_batch_has_more_cells_than_the_budget_and_padding_is_zero()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(Enumerable.Range(0, 500).Select(i => 2 + (i * 37 % 63))));
        using var loader = new BatchLoader(temporary.File("data"), Small, seed: 5);
        var batches = Epoch(loader).ToList();
        Assert.Equal(loader.CountBatches(0), batches.Count);
        foreach (var batch in batches)
        {
            Assert.True(batch.Rows * batch.Columns <= 64);
            Assert.Equal(batch.Rows * batch.Columns, batch.InputIds.Length);
            Assert.Equal(batch.Columns, batch.Lengths.Max());
            for (var row = 0; row < batch.Rows; row++)
            {
                Assert.All(batch.InputIds[((row * batch.Columns) + batch.Lengths[row])..((row + 1) * batch.Columns)], id => Assert.Equal(0, id));
            }
        }
    }

    [Fact]
    public void Similar_lengths_meet_so_that_little_is_padding()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(Enumerable.Range(0, 4000).Select(i => 2 + (i * 37 % 99))));
        var options = new BatchOptions { BatchTokens = 1024, MaxSequence = 512, WindowBatches = 32 };
        Assert.InRange(Padding(options), 0, 0.04);
        Assert.InRange(Padding(options with { WindowBatches = 1 }), 0.1, 0.6);

        double Padding(BatchOptions chosen)
        {
            using var loader = new BatchLoader(temporary.File("data"), chosen, seed: 5);
            var batches = Epoch(loader).ToList();
            return 1 - ((double)batches.Sum(batch => batch.Tokens) / batches.Sum(batch => batch.InputIds.Length));
        }
    }

    [Fact]
    public void From_any_position_the_remaining_batches_are_the_same() => Gen.Select(
        Gen.Int[2, 64].Array[1, 150], Gen.Int[0, 80], Gen.Int[1, 5], Gen.Int[0, 1000]).Sample((lengths, stop, windows, seed) =>
        {
            using var temporary = new TemporaryFolder();
            ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(lengths), new ShardOptions { Rows = 90 });
            var options = Small with { WindowBatches = windows };
            using var whole = new BatchLoader(temporary.File("data"), options, seed);
            for (var i = 0; i < stop; i++)
            {
                whole.Next();
            }

            using var resumed = new BatchLoader(temporary.File("data"), options, seed);
            resumed.Seek(whole.Position);
            for (var i = 0; i < 40; i++)
            {
                Assert.Equal(whole.Position, resumed.Position);
                Assert.Equal(whole.Next().InputIds, resumed.Next().InputIds);
            }
        }, iter: 25);

    [Fact]
    public void Seeds_and_epochs_differ_in_order_and_the_same_seed_does_not()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(Enumerable.Repeat(8, 200)));
        int[] Order(long seed, int epoch)
        {
            using var loader = new BatchLoader(temporary.File("data"), Small, seed);
            loader.Seek(new LoaderPosition(epoch, 0, 0));
            return [.. Epoch(loader).SelectMany(Rows).Select(row => row.Ids[0])];
        }

        Assert.Equal(Order(1, 0), Order(1, 0));
        Assert.NotEqual(Order(1, 0), Order(2, 0));
        Assert.NotEqual(Order(1, 0), Order(1, 1));
    }

    [Fact]
    public void Entries_that_are_too_long_are_cut_counted_and_left_out_when_no_target_remains()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"),
        [
            new TrainingExample([.. Enumerable.Range(0, 20)], 0, ExampleKinds.Monolingual, "en"),
            new TrainingExample([.. Enumerable.Range(0, 20)], 12, ExampleKinds.CodeSwitched, "en-fr"),
            new TrainingExample([7, 8, 9], 0, ExampleKinds.Monolingual, "en"),
        ]);
        using var loader = new BatchLoader(temporary.File("data"), new BatchOptions { BatchTokens = 64, MaxSequence = 12 }, seed: 3);
        var rows = Epoch(loader).SelectMany(Rows).OrderBy(row => row.Ids[0]).ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal(Enumerable.Range(0, 12), rows[0].Ids);
        Assert.Equal([7, 8, 9], rows[1].Ids);
        Assert.Equal((1, 1), (loader.TruncatedRows, loader.DroppedRows));
    }

    [Fact]
    public void A_set_without_any_target_within_the_length_is_an_error_and_no_endless_loop()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"),
            Enumerable.Repeat(new TrainingExample([.. Enumerable.Range(0, 20)], 12, ExampleKinds.CodeSwitched, "en-fr"), 50));
        using var loader = new BatchLoader(temporary.File("data"), new BatchOptions { BatchTokens = 64, MaxSequence = 12 }, seed: 3);
        Assert.Contains("max_sequence", Assert.Throws<LlamaxException>(loader.Next).Message, StringComparison.Ordinal);
        Assert.InRange(loader.DroppedRows, 50, 3 * 50); // Has not looked at all of them again for each of them.
        Assert.Contains("max_sequence", Assert.Throws<LlamaxException>(() => loader.CountBatches(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_positions_and_options_are_one_message()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(4, 5, 6));
        using var loader = new BatchLoader(temporary.File("data"), Small, seed: 3);
        foreach (var position in new LoaderPosition[] { new(-1, 0, 0), new(0, 3, 0), new(0, -1, 0), new(0, 0, 9), new(0, 0, -1) })
        {
            Assert.Contains("does not exist", Assert.Throws<LlamaxException>(() => loader.Seek(position)).Message, StringComparison.Ordinal);
        }

        var error = Assert.Throws<LlamaxException>(() => new BatchLoader(temporary.File("data"), Small with { MaxSequence = 65 }, 3));
        Assert.Contains("batch_tokens", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<TokenBatch> Epoch(BatchLoader loader)
    {
        for (var epoch = loader.Position.Epoch; loader.Position.Epoch == epoch;)
        {
            yield return loader.Next();
        }
    }

    private static IEnumerable<(int[] Ids, int LossFrom)> Rows(TokenBatch batch) => Enumerable.Range(0, batch.Rows).Select(row =>
        (batch.InputIds[(row * batch.Columns)..((row * batch.Columns) + batch.Lengths[row])], batch.LossFrom[row]));
}
