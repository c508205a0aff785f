using System.Security.Cryptography;
using CsCheck;
using Llamax.Corpora.Loading;
using Llamax.Corpora.Packed;
using Llamax.Corpora.Shards;
using Llamax.Corpora.Tests.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Packed;

public sealed class PackedSetTests
{
    [Fact]
    public void Entries_come_back_from_packed_rows_as_they_were_and_count_as_entries() => Gen.Select(
        Gen.Int[2, 40].Array[1, 80], Gen.Int[2, 60], Gen.Int[40, 400]).Sample((lengths, length, tokens) =>
        {
            using var temporary = new TemporaryFolder();
            var examples = ShardSamples.Examples(lengths).ToList();
            var plain = ShardSamples.Write(temporary.File("plain"), examples);

            var manifest = ShardSamples.Write(temporary.File("data"), examples, new ShardOptions { Tokens = tokens }, PackingMode.Isolated, length);

            using var set = new ShardSet(temporary.File("data"));
            var found = Enumerable.Range(0, (int)set.Rows).Select(row => set.Locate(row)).SelectMany(at => at.Shard.ReadEntries(at.Row)).ToList();
            ShardSamples.AssertSame(examples, found.OrderBy(example => example.InputIds[0]));
            Assert.Equal(plain.Groups, manifest.Groups);
            Assert.Equal(plain.Tokens, manifest.Tokens);
            Assert.InRange(manifest.Rows, 1, examples.Count);
            Assert.Equal(PackingMode.Isolated, set.Manifest.Packing);
            Assert.Empty(set.Verify());
        }, iter: 30);

    [Theory]
    [InlineData(PackingMode.Concatenated, false)]
    [InlineData(PackingMode.Isolated, true)]
    public void Batches_say_where_each_entry_is_and_from_where_its_loss_counts(PackingMode mode, bool isolated)
    {
        using var temporary = new TemporaryFolder();
        var examples = ShardSamples.Examples(Enumerable.Range(0, 200).Select(i => 2 + (i * 37 % 30))).ToList();
        var manifest = ShardSamples.Write(temporary.File("data"), examples, null, mode, 64);
        using var loader = new BatchLoader(temporary.File("data"), new BatchOptions { BatchTokens = 256, MaxSequence = 64 }, seed: 3);
        var (seen, targets) = (new List<int>(), 0);
        while (loader.Position.Epoch == 0)
        {
            var batch = loader.Next();
            targets += batch.Targets;
            Assert.Equal(isolated, batch.IsIsolated);
            for (var row = 0; row < batch.Rows; row++)
            {
                var end = 0;
                foreach (var segment in batch.Segments(row))
                {
                    var example = examples[batch.InputIds[(row * batch.Columns) + segment.Start]];
                    Assert.Equal(end, segment.Start);
                    Assert.Equal(segment.Start + Math.Max(1, example.LossFrom), segment.LossFrom);
                    Assert.Equal(example.InputIds, batch.InputIds[((row * batch.Columns) + segment.Start)..((row * batch.Columns) + segment.End)]);
                    seen.Add(example.InputIds[0]);
                    end = segment.End;
                }

                Assert.Equal(batch.Lengths[row], end);
            }
        }

        Assert.Equal(Enumerable.Range(0, examples.Count), seen.Order());
        Assert.Equal(manifest.Groups.Sum(group => group.Targets), targets);
    }

    [Fact]
    public void A_cut_row_keeps_the_entries_before_the_cut()
    {
        using var temporary = new TemporaryFolder();
        var examples = new[] { 5, 4, 6 }.Select((length, i) => new TrainingExample([i, .. Enumerable.Repeat(9, length - 1)], length - 2, "mono", "en"));
        ShardSamples.Write(temporary.File("data"), examples, null, PackingMode.Isolated, 15);
        using var loader = new BatchLoader(temporary.File("data"), new BatchOptions { BatchTokens = 64, MaxSequence = 8 }, seed: 3);

        var batch = loader.Next();

        Assert.Equal([new TokenSegment(0, 3, 5), new TokenSegment(5, 7, 8)], batch.Segments(0));
        Assert.Equal((3, 1L), (batch.Targets, loader.TruncatedRows));
    }

    [Fact]
    public void Without_packing_files_are_what_they_were()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(5, 2, 9), null, PackingMode.None, 7);

        Assert.DoesNotContain("packing", File.ReadAllText(temporary.File("data/manifest.json")), StringComparison.Ordinal);
        Assert.Equal("9959a84ddeec2b40", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(temporary.File("data/shard-00000.arrow"))))[..16]);
    }

    [Fact]
    public void Damaged_rows_are_refused_whatever_bytes_change()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(5, 7, 4, 6, 9), null, PackingMode.Isolated, 20);
        var path = temporary.File("data/shard-00000.arrow");
        var bytes = File.ReadAllBytes(path);
        var refused = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= (at % 3) switch { 0 => 0xFF, 1 => 0x01, _ => 0x80 };
            File.WriteAllBytes(path, damaged);
            try
            {
                using var reader = new ShardReader(path);
                for (var row = 0; row < reader.Rows; row++)
                {
                    foreach (var entry in reader.ReadEntries(row))
                    {
                        Assert.True(entry.InputIds.Length > Math.Max(entry.LossFrom, 1));
                    }
                }
            }
            catch (LlamaxException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 300, bytes.Length);
    }

    [Fact]
    public void A_manifest_that_says_another_packing_than_the_shards_is_refused()
    {
        using var temporary = new TemporaryFolder();
        ShardSamples.Write(temporary.File("data"), ShardSamples.Examples(5, 7), null, PackingMode.Isolated, 20);
        var manifest = File.ReadAllText(temporary.File("data/manifest.json"));
        foreach (var (wrong, message) in new[] { ("none", "packing none"), ("7", "damaged"), ("together", "packing") })
        {
            File.WriteAllText(temporary.File("data/manifest.json"), manifest.Replace("\"isolated\"", wrong == "7" ? "7" : $"\"{wrong}\"", StringComparison.Ordinal));
            var error = Assert.Throws<LlamaxException>(() =>
            {
                using var set = new ShardSet(temporary.File("data"));
                set.Locate(0);
            });
            Assert.True(message == "damaged" || error.Message.Contains(message, StringComparison.Ordinal), error.Message);
        }
    }
}
