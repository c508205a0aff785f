using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers;

public sealed class BpeTrainerTests
{
    private static readonly string[] Corpus =
    [
        "the cat sat on the mat", "the cats sat on the mats 12 times in 2021", "le chat noir est sur le tapis",
        "猫坐在垫子上。猫很黑。", "カーテンの上の猫", "பூனை பாயில் அமர்ந்தது", "แมวนั่งอยู่บนเสื่อ", "naïve cafe\u0301 <s> wow",
    ];

    public static TheoryData<string, string> Variants => new()
    {
        { "", "" },
        { "split_digits", "--split_digits=true" },
        { "scripts", "--split_by_unicode_script=false" },
        { "numbers", "--split_by_number=false" },
        { "spaces", "--split_by_whitespace=false" },
        { "symbols", "--user_defined_symbols=<sep>,sat --pad_id=3" },
        { "coverage", "--character_coverage=0.98" },
        { "remove", "--remove_extra_whitespaces=true" },
        { "bytes", "--byte_fallback=false" },
        { "short", "--max_sentencepiece_length=4" },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Pieces_are_those_of_spm_train(string variant, string flags)
    {
        using var folder = new TemporaryFolder();
        var lines = Corpus.Concat(Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 8)).ToArray();
        File.WriteAllLines(folder.File("corpus.txt"), lines);
        const int size = 3600;
        SpmEncode.Run("spm_train",
            [
                "--input=" + folder.File("corpus.txt"), "--model_prefix=" + folder.File("theirs"), "--model_type=bpe", "--vocab_size=" + size,
                "--byte_fallback=true", "--normalization_rule_name=identity", "--remove_extra_whitespaces=false", "--minloglevel=2",
                .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ], []);
        var options = new BpeTrainerOptions { VocabularySize = size };
        options = variant switch
        {
            "split_digits" => options with { SplitDigits = true },
            "scripts" => options with { SplitByUnicodeScript = false },
            "numbers" => options with { SplitByNumber = false },
            "spaces" => options with { SplitByWhitespace = false },
            "symbols" => options with { UserSymbols = ["<sep>", "sat"], PadSymbol = true },
            "coverage" => options with { CharacterCoverage = 0.98 },
            "remove" => options with { RemoveExtraWhitespaces = true },
            "bytes" => options with { ByteFallback = false },
            "short" => options with { MaxPieceLength = 4 },
            _ => options,
        };
        var ours = new BpeTrainer(options).Train(lines, folder.File("ours.model"));
        var theirs = SentencePieceTokenizer.Load(folder.File("theirs.model"));
        Assert.Equal(size, ours.VocabularySize);
        for (var id = 0; id < size; id++)
        {
            Assert.Equal($"{id} {theirs.IdToPiece(id)}", $"{id} {ours.IdToPiece(id)}");
        }

        // The library loads our file and encodes with it as it does with its own.
        Assert.Equal(SpmEncode.Ids(folder.File("theirs.model"), lines), SpmEncode.Ids(folder.File("ours.model"), lines));
        Assert.Equal(SpmEncode.Ids(folder.File("ours.model"), lines), lines.Select(line => ours.Encode(line)));
    }

    [Fact]
    public void The_order_of_the_sentences_does_not_matter_and_the_bytes_are_the_same()
    {
        using var folder = new TemporaryFolder();
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 400 });
        trainer.Train(Corpus, folder.File("a.model"));
        trainer.Train(Corpus.Reverse(), folder.File("b.model"));
        Assert.Equal(File.ReadAllBytes(folder.File("a.model")), File.ReadAllBytes(folder.File("b.model")));
    }

    [Fact]
    public void A_run_of_equal_characters_counts_the_merges_that_it_yields()
    {
        // zzz yields one zz, not two; so ab, which stands twice, is merged first.
        Assert.Equal(["ab", "zz"], Merges(["zzz", "ab ab"], 2));

        // Merging xz takes the first z out of zzz; the two that are left still make one zz.
        Assert.Equal(["xz", "zz"], Merges(["xzzz", "xz xz"], 2));
    }

    [Fact]
    public void What_cannot_be_trained_is_said_with_the_way_out()
    {
        Assert.Contains("at least 277", Refusal(new() { VocabularySize = 270 }, ["abcdefghijklmnopq"]), StringComparison.Ordinal);
        Assert.Contains("only 264 pieces", Refusal(new() { VocabularySize = 1000 }, ["aaa"]), StringComparison.Ordinal);
        Assert.Contains("'<s>'", Refusal(new() { UserSymbols = ["<s>"] }, ["a"]), StringComparison.Ordinal);
        Assert.Contains("CharacterCoverage", Refusal(new() { CharacterCoverage = 2 }, ["a"]), StringComparison.Ordinal);
        Assert.Contains("only 259 pieces", Refusal(new() { VocabularySize = 1000 }, []), StringComparison.Ordinal);

        static string Refusal(BpeTrainerOptions options, string[] sentences)
        {
            using var folder = new TemporaryFolder();
            var error = Assert.Throws<LlamaxException>(() => new BpeTrainer(options).Train(sentences, folder.File("x.model")));
            Assert.Empty(Directory.GetFiles(folder.Path));
            return error.Message;
        }
    }

    [Fact]
    public void Reserved_strings_in_the_corpus_give_no_pieces()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 263, UserSymbols = ["<sep>"] })
            .Train(["a<sep>b<s>", "a<sep>b<s>", "a<sep>b<s>"], folder.File("x.model"));
        Assert.Null(tokenizer.PieceToId("<"));
        Assert.Equal(tokenizer.PieceToId("<sep>"), tokenizer.Encode("<sep>")[^1]);
    }

    private static string[] Merges(string[] sentences, int count)
    {
        using var folder = new TemporaryFolder();
        var characters = string.Concat(sentences).Append('▁').Where(c => c != ' ').Distinct().Count();
        var tokenizer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 259 + count + characters, CharacterCoverage = 1, AddDummyPrefix = false })
            .Train(sentences, folder.File("x.model"));
        return [.. Enumerable.Range(259, count).Select(tokenizer.IdToPiece)];
    }
}
