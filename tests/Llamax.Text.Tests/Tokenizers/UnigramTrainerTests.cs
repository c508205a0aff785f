using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers;

public sealed class UnigramTrainerTests
{
    private const int Size = 4000;

    [Theory]
    [InlineData("identity", false)]
    [InlineData("nfkc", true)]
    [InlineData("nmt_nfkc", false)]
    [InlineData("nfkc_cf", false)]
    [InlineData("nmt_nfkc_cf", true)]
    public void Held_out_text_takes_as_many_tokens_as_with_spm_train_and_the_library_encodes_as_we_do(string normalizer, bool bytes)
    {
        using var folder = new TemporaryFolder();
        var archive = Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz");
        string[] lines = [.. Languages(archive, ".dev").Take(3000)];
        string[] heldOut = [.. Languages(archive, ".devtest").Take(3000)];
        File.WriteAllLines(folder.File("corpus.txt"), lines);
        SpmEncode.Run("spm_train",
            [
                "--input=" + folder.File("corpus.txt"), "--model_prefix=" + folder.File("theirs"), "--model_type=unigram", "--vocab_size=" + Size,
                "--byte_fallback=" + (bytes ? "true" : "false"), "--normalization_rule_name=" + normalizer, "--remove_extra_whitespaces=false",
                "--user_defined_symbols=<sep>", "--control_symbols=<ctl>", "--minloglevel=2",
            ], []);
        var options = new UnigramTrainerOptions
        {
            VocabularySize = Size,
            Normalizer = normalizer,
            ByteFallback = bytes,
            UserSymbols = ["<sep>"],
            ControlSymbols = ["<ctl>"],
        };
        var ours = new UnigramTrainer(options).Train(lines, folder.File("ours.model"));
        Assert.Equal(Size, ours.VocabularySize);
        var theirTokens = SpmEncode.Ids(folder.File("theirs.model"), heldOut).Sum(ids => ids.Length);
        var ourTokens = SpmEncode.Ids(folder.File("ours.model"), heldOut).Sum(ids => ids.Length);
        Assert.InRange((double)ourTokens / theirTokens, 0.995, 1.005);

        string[] hard = [.. heldOut.Take(500), "a<sep>b <ctl> c", "<sep>", "  Ａﬁ ½ é e\u0301 \u200b x", "😀\t\u0001"];
        Assert.Equal(SpmEncode.Ids(folder.File("ours.model"), hard), hard.Select(line => ours.Encode(line)));
    }

    [Theory]
    [InlineData("bpe")]
    [InlineData("unigram")]
    public void The_number_of_threads_and_the_order_of_the_sentences_change_no_byte(string type)
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. Languages(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), ".dev").Take(2500)];
        var files = new List<byte[]>();
        foreach (var (threads, sentences) in new[] { (1, lines), (2, lines), (5, lines), (3, [.. lines.Reverse()]) })
        {
            TokenizerTrainer trainer = type == "bpe"
                ? new BpeTrainer(new BpeTrainerOptions { VocabularySize = 3000 }) { Threads = threads }
                : new UnigramTrainer(new UnigramTrainerOptions { VocabularySize = 3000 }) { Threads = threads };
            trainer.Train(sentences, folder.File("x.model"));
            files.Add(File.ReadAllBytes(folder.File("x.model")));
        }

        Assert.All(files, file => Assert.Equal(files[0], file));
    }

    [Fact]
    public void Sampling_keeps_to_its_limits_and_to_its_seed()
    {
        string[] sentences = [.. Enumerable.Range(0, 2000).Select(i => $"w{(char)('a' + i % 20)} {i}"), new string('x', 5000)];
        var options = new BpeTrainerOptions { MaxSentences = 100, SamplingSeed = 3 };
        var sampler = new Text.Tokenizers.Training.SentenceSampler(options);
        var chosen = sampler.Choose(sentences).ToList();
        Assert.Equal((100, 2001, 1), (chosen.Count, sampler.Seen, sampler.TooLong));
        Assert.Equal(100, chosen.Distinct().Count());
        Assert.InRange(chosen.Average(sentence => int.Parse(sentence.Split(' ')[1])), 800, 1200);
        Assert.Equal(chosen, new Text.Tokenizers.Training.SentenceSampler(options).Choose(sentences));
        Assert.NotEqual(chosen, new Text.Tokenizers.Training.SentenceSampler(options with { SamplingSeed = 4 }).Choose(sentences));

        var bytes = new Text.Tokenizers.Training.SentenceSampler(new BpeTrainerOptions { MaxBytes = 7000 }).Choose(sentences).Sum(line => line.Length + 64);
        Assert.InRange(bytes, 6900, 7000);
        var empty = new Text.Tokenizers.Training.SentenceSampler(new BpeTrainerOptions { MaxBytes = 7000 }).Choose(Enumerable.Repeat("", 1000));
        Assert.Equal(7000 / 64, empty.Count());
    }

    [Fact]
    public void Drawing_from_rare_words_keeps_sums_and_the_frequent()
    {
        var table = new Text.Tokenizers.Training.WordTable();
        table.Add("often"u8, 1000);
        for (var i = 0; i < 20_000; i++)
        {
            table.Add(BitConverter.GetBytes(i), 1 + i % 3);
        }

        var kept = table.Sample(8, new Randomness.RandomStream(1, "x"));
        Assert.Equal(1000, kept.CountOf(0));
        Assert.InRange(kept.Count, 4000, 6000);
        Assert.InRange(Enumerable.Range(1, kept.Count - 1).Sum(kept.CountOf), 38_000, 42_000);
    }

    /// <summary>English, Turkish, Tamil and Chinese in turn.</summary>
    private static IEnumerable<string> Languages(string archive, string suffix)
    {
        var all = new[] { "eng", "tur", "tam", "zho_simpl" }.Select(language => Flores.Lines(archive, 1012, $"/{language}{suffix}")).ToArray();
        return Enumerable.Range(0, all[0].Length).SelectMany(i => all.Select(lines => lines[i]));
    }
}
