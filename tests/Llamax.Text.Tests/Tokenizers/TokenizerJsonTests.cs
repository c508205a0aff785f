using System.Text;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.HuggingFace;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>
/// What Hugging Face's own library makes of a converted model, against the model. Where it differs, the cause must be one
/// of those that docs/tokenizers.md names: its reading of the normaliser's table, or its sums in double precision.
/// </summary>
public sealed class TokenizerJsonTests
{
    // Spaces at the ends and doubled, the signs that the models use themselves, runs that no piece covers, controls inside.
    private static readonly string[] Hard =
    [
        "", " ", "   ", " a", "  a", "a ", "a  b ", "▁a", "▁ a", " ▁▁a▁", "\u3000a\u00a0", "\ta\nb", "a \n b", "☃☃ ☃", "a\u0001b", "aaaaaaa",
        "12,345.67", "é e\u0301", "１２ﬁ½", "ab\u200bcd", "İstanbul'da", "😀 𠮷", ". . .", "<sep", "x<sep>y <sep> z", "sep>",
    ];

    [Theory]
    [InlineData("bpe", "identity", true)]
    [InlineData("bpe", "nmt_nfkc", true)]
    [InlineData("bpe", "nmt_nfkc", true, true)]
    [InlineData("bpe", "nfkc_cf", false)]
    [InlineData("bpe", "identity", true, false, false)]
    [InlineData("unigram", "identity", true)]
    [InlineData("unigram", "nmt_nfkc", false, true)]
    [InlineData("unigram", "nfkc", true)]
    public void A_trained_model_gives_its_ids(string type, string normalizer, bool bytes, bool removeSpaces = false, bool prefix = true)
    {
        using var folder = new TemporaryFolder();
        string[] lines = Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 3);
        TokenizerTrainer trainer = type == "bpe"
            ? new BpeTrainer(Common(new BpeTrainerOptions { VocabularySize = 4000 }))
            : new UnigramTrainer(Common(new UnigramTrainerOptions { VocabularySize = 4000 }));
        trainer.Train(lines, folder.File("x.model"));
        Compare(folder.File("x.model"), [.. News(3), .. Hard]);

        T Common<T>(T options)
            where T : TokenizerTrainerOptions => options with
            {
                Normalizer = normalizer,
                ByteFallback = bytes,
                RemoveExtraWhitespaces = removeSpaces,
                AddDummyPrefix = prefix,
                UserSymbols = ["<sep>"],
            };
    }

    [Theory]
    [InlineData("fixtures/tokenizers/llama_bpe.model")]
    [InlineData("fixtures/tokenizers/uni_nfkc.model")]
    [InlineData("fixtures/tokenizers/t5_uni.model")]
    [InlineData("data/tokenizers/llama2_tokenizer.model")]
    public void A_published_model_gives_its_ids(string file) => Compare(Shared.Path(file), [.. News(3), .. Hard]);

    [Theory]
    [InlineData("fixtures/sacrebleu/toy_spm.model")]
    [InlineData("data/tokenizers/llama2_tokenizer.model")]
    [InlineData("data/tokenizers/t5_spiece.model")]
    [Trait("Category", "Long")]
    public void More_text_gives_a_published_model_s_ids(string file) => Compare(Shared.Path(file), [.. News(200), .. Hard]);

    [Fact]
    public void A_text_that_begins_with_a_user_symbol_has_no_space_before_it()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 267, UserSymbols = ["<sep>"] })
            .Train(["abababab abab"], folder.File("x.model"));
        TokenizerJson.Convert(folder.File("x.model"), folder.File("x.json"));
        Assert.Equal(["▁", "<sep>", "ab"], tokenizer.EncodePieces("<sep>ab"));
        var ids = Assert.Single(Node.Run<int[]>(Node.HuggingFace, "tokenizers", ["<sep>ab"], folder.File("x.json")));
        Assert.Equal(["<sep>", "ab"], ids.Select(tokenizer.IdToPiece));
    }

    [Fact]
    public void What_the_format_cannot_say_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Piece[] pieces = [new("<unk>", 0, PieceType.Unknown), new("a", -1, PieceType.Normal), new("b", -2, PieceType.Unused)];
        Refused(new SentencePieceModel { Pieces = pieces }, "its piece 'b' is marked as unused");
        Refused(new SentencePieceModel { Pieces = pieces[..2], Type = ModelType.Word }, "BPE and unigram models");
        Refused(new SentencePieceModel { Pieces = pieces[..2], TreatWhitespaceAsSuffix = true }, "begin a word");
        Refused(new SentencePieceModel { Pieces = [.. pieces[..2], new("<unk>", -3, PieceType.Normal)] }, "'<unk>' is a piece and a reserved one");
        var giant = string.Concat(Enumerable.Repeat("😀", 512));
        Refused(new SentencePieceModel { Pieces = [.. pieces[..2], new(giant + "b", -3, PieceType.Normal)], Type = ModelType.Bpe }, "has more than 512 characters");
        Save(new SentencePieceModel { Pieces = [.. pieces[..2], new(giant, -3, PieceType.Normal)], Type = ModelType.Bpe });
        TokenizerJson.Convert(folder.File("x.model"), folder.File("long.json"));
        Assert.Equal(2, HuggingFaceTokenizer.Load(folder.File("long.json")).PieceToId(giant));

        void Refused(SentencePieceModel model, string message)
        {
            Save(model);
            var error = Assert.Throws<LlamaxException>(() => TokenizerJson.Convert(folder.File("x.model"), folder.File("x.json")));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.File("x.json")));
        }

        void Save(SentencePieceModel model)
        {
            var trainer = new ProtobufWriter();
            trainer.Field(3, (int)model.Type);
            trainer.Field(24, model.TreatWhitespaceAsSuffix);
            using var file = File.Create(folder.File("x.model"));
            SentencePieceModelWriter.Write(file, model, trainer);
        }
    }

    private static string[] News(int perLanguage) =>
        Flores.Lines(Shared.Path("data", "flores", "flores200_dev_devtest.tar.gz"), perLanguage, ".devtest");

    private static void Compare(string path, string[] lines)
    {
        using var folder = new TemporaryFolder();
        var json = folder.File("tokenizer.json");
        TokenizerJson.Convert(path, json);
        var tokenizer = SentencePieceTokenizer.Load(path);
        var model = SentencePieceModelReader.Read(path);
        var reader = HuggingFaceTokenizer.Load(json);
        var theirs = Node.Run<int[]>(Node.HuggingFace, "tokenizers", lines, json);
        Assert.Equal(theirs, lines.Select(line => reader.Encode(line)));

        // Where the table is applied beforehand, as SentencePiece does it, nothing is left but sums that rounding tells apart.
        int[] different = [.. Enumerable.Range(0, lines.Length).Where(i => !tokenizer.Encode(lines[i]).AsSpan().SequenceEqual(theirs[i]))];
        var normalized = Node.Run<int[]>(Node.HuggingFace, "tokenizers", [.. different.Select(i => Normalized(lines[i], model))], json);
        foreach (var (i, ids) in different.Zip(normalized))
        {
            var ours = tokenizer.Encode(lines[i]);
            if (!ours.AsSpan().SequenceEqual(ids))
            {
                Assert.Equal((ModelType.Unigram, lines[i]), (model.Type, lines[i]));
                Assert.Equal(ours.Sum(id => (double)model.Pieces[id].Score), ids.Sum(id => (double)model.Pieces[id].Score), 1e-3);
            }
        }

        Assert.InRange(different.Length, 0, model.Normalizer.CharacterMap.Length == 0 && model.Type == ModelType.Bpe ? 0 : 1 + (lines.Length / 200));
    }

    /// <summary>The text as the model's table writes it.</summary>
    private static string Normalized(string text, SentencePieceModel model)
    {
        var output = new ByteBuffer();
        new Normalizer(model.Normalizer with { AddDummyPrefix = false, RemoveExtraWhitespaces = false, EscapeWhitespaces = false })
            .Normalize(Encoding.UTF8.GetBytes(text), output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
