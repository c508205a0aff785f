using System.IO.Compression;
using System.Text;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training.Normalization;

namespace Llamax.Text.Tests.Tokenizers.Normalization;

/// <summary>The tables that we build normalise as those that SentencePiece carries.</summary>
public sealed class NormalizationTests
{
    [Theory]
    [InlineData("nfkc")]
    [InlineData("nmt_nfkc")]
    [InlineData("nfkc_cf")]
    [InlineData("nmt_nfkc_cf")]
    public void Every_code_point_and_every_rule_is_that_of_the_library(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.txt"), "a b c\n");
        SpmEncode.Run("spm_train",
            ["--input=" + folder.File("x.txt"), "--model_prefix=" + folder.File("x"), "--model_type=bpe", "--vocab_size=7",
                "--normalization_rule_name=" + name, "--minloglevel=2"], []);
        var theirs = new CharacterMap(CharacterMapOf(folder.File("x.model")));
        var rules = NormalizationRules.For(name);
        var ours = new CharacterMap(CharacterMaps.Named(name));

        for (var codePoint = 0; codePoint <= 0x10FFFF; codePoint += codePoint == 0xD7FF ? 0x801 : 1)
        {
            Same(Encoding.UTF8.GetBytes(char.ConvertFromUtf32(codePoint)));
        }

        foreach (var sequence in rules.Keys)
        {
            Same(Encoding.UTF8.GetBytes(sequence));
            Same(Encoding.UTF8.GetBytes(sequence + "\u0301"));
        }

        var random = new RandomStream(5, "normalisation");
        var keys = rules.Keys.Order(StringComparer.Ordinal).ToArray();
        var bytes = new byte[6];
        for (var i = 0; i < 100_000; i++)
        {
            Same(Encoding.UTF8.GetBytes(keys[random.Next(keys.Length)] + keys[random.Next(keys.Length)]));
            foreach (ref var part in bytes.AsSpan())
            {
                part = (byte)random.Next(256);
            }

            Same(bytes);
        }

        void Same(ReadOnlySpan<byte> text)
        {
            var length = theirs.LongestPrefix(text, out var expected);
            if (length != ours.LongestPrefix(text, out var actual) || !expected.SequenceEqual(actual))
            {
                Assert.Fail($"{Convert.ToHexString(text)}: {Convert.ToHexString(actual)} instead of {Convert.ToHexString(expected)}");
            }
        }
    }

    /// <summary>With LLAMAX_WRITE_TABLES=1 the tables are written anew instead.</summary>
    [Theory]
    [InlineData("nfkc")]
    [InlineData("nmt_nfkc")]
    [InlineData("nfkc_cf")]
    [InlineData("nmt_nfkc_cf")]
    public void The_tables_that_we_bring_are_those_of_the_rules(string name)
    {
        var table = CharacterMapBuilder.Build(NormalizationRules.For(name));
        if (Environment.GetEnvironmentVariable("LLAMAX_WRITE_TABLES") == "1")
        {
            using var file = File.Create(Path.Combine(Shared.Repository, "src", "Llamax.Text", "Tokenizers", "Training", "Normalization", $"{name}.br"));
            using var packed = new BrotliStream(file, CompressionLevel.SmallestSize);
            packed.Write(table);
            return;
        }

        Assert.True(table.AsSpan().SequenceEqual(CharacterMaps.Named(name)), "run this test with LLAMAX_WRITE_TABLES=1 and build again");
    }

    [Fact]
    public void A_table_finds_the_longest_rule_and_nothing_else()
    {
        var map = new CharacterMap(CharacterMapBuilder.Build(new Dictionary<string, string>
        {
            ["a"] = "1",
            ["ab"] = "2",
            ["abcd"] = "",
            ["é"] = "e",
            ["xbcd"] = "",
        }));
        Assert.Equal((1, "1"), Find("ax"));
        Assert.Equal((2, "2"), Find("abc"));
        Assert.Equal((4, ""), Find("abcde"));
        Assert.Equal((4, ""), Find("xbcd"));
        Assert.Equal((2, "e"), Find("é"));
        Assert.Equal((0, ""), Find("xbc"));
        Assert.Equal((0, ""), Find("\0"));
        Assert.Equal((1, "1"), Find("a\0"));

        (int, string) Find(string text)
        {
            var length = map.LongestPrefix(Encoding.UTF8.GetBytes(text), out var replacement);
            return (length, Encoding.UTF8.GetString(replacement));
        }
    }

    private static byte[] CharacterMapOf(string model) => SentencePieceModelReader.Read(model).Normalizer.CharacterMap;
}
