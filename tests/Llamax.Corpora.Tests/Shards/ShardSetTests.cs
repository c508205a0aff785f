using CsCheck;
using Llamax.Corpora.Shards;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Shards;

public sealed class ShardSetTests
{
    [Fact]
    public void Verify_is_silent_on_a_sound_set_and_names_the_shards_that_are_not()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.File("data");
        ShardSamples.Write(folder, ShardSamples.Examples(4, 5, 6, 7), new ShardOptions { Rows = 1 });
        using var set = new ShardSet(folder);
        Assert.Empty(set.Verify());
        Flip(Path.Combine(folder, "shard-00001.arrow"), 400);
        File.Delete(Path.Combine(folder, "shard-00002.arrow"));
        File.AppendAllText(Path.Combine(folder, "shard-00003.arrow"), "x");
        var found = set.Verify().ToList();
        Assert.Equal(3, found.Count);
        Assert.StartsWith("shard-00001.arrow: SHA-256", found[0], StringComparison.Ordinal);
        Assert.Equal("shard-00002.arrow: missing", found[1]);
        Assert.Contains("bytes", found[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_may_be_links()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.File("data");
        var examples = ShardSamples.Examples(4, 5).ToList();
        ShardSamples.Write(folder, examples);
        File.Move(Path.Combine(folder, "shard-00000.arrow"), temporary.File("content"));
        File.CreateSymbolicLink(Path.Combine(folder, "shard-00000.arrow"), "../content");
        ShardSamples.AssertSame(examples, ShardSamples.Read(folder));
    }

    [Theory]
    [InlineData("{}", "version 0")]
    [InlineData("{\"version\":2}", "version 2")]
    [InlineData("{\"version\":1,\"rows\":3,\"tokens\":9,\"shards\":[]}", "add up")]
    [InlineData("{\"version\":1,\"rows\":1,\"tokens\":9,\"shards\":[{\"file\":\"../x\",\"rows\":1,\"tokens\":9,\"bytes\":8,\"sha256\":\"\"}]}", "add up")]
    [InlineData("not json", "manifest.json")]
    public void A_manifest_that_makes_no_sense_is_one_message(string json, string expected)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("manifest.json"), json);
        Assert.Contains(expected, Assert.Throws<LlamaxException>(() => new ShardSet(temporary.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_one_message() =>
        Assert.Contains("no such folder", Assert.Throws<LlamaxException>(() => new ShardSet("/nowhere/at/all")).Message, StringComparison.Ordinal);

    /// <summary>Whatever is wrong with the bytes of a shard, it reads as entries or as one message, never as a crash.</summary>
    [Fact]
    public void Damaged_shards_are_refused_or_read()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.File("data");
        ShardSamples.Write(folder, ShardSamples.Examples(4, 5, 6, 7));
        var sound = File.ReadAllBytes(Path.Combine(folder, "shard-00000.arrow"));
        var path = temporary.File("damaged.arrow");
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Sample((at, value, cut) =>
        {
            var bytes = (byte[])sound.Clone();
            bytes[at] = value;
            File.WriteAllBytes(path, cut % 3 == 0 ? bytes[..cut] : bytes);
            try
            {
                using var reader = new ShardReader(path);
                for (var row = 0; row < reader.Rows; row++)
                {
                    _ = reader.InputIds(row).Length + reader.LossFrom(row);
                }
            }
            catch (LlamaxException exception)
            {
                Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            }
        }, iter: 2000, threads: 1);
    }

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
