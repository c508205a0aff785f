using System.Text;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>Models of every type, trained by <c>spm_train</c> with every flag, give the library's ids, pieces and texts.</summary>
public sealed class EveryModelTests
{
    private static readonly string[] Corpus =
    [
        "the cat sat on the mat", "the cats sat on the mats 12 times in 2021", "le chat noir est sur le tapis", "<x> is of <y>, ofof course",
        "猫坐在垫子上。猫很黑。", "カーテンの上の猫", "பூனை பாயில் அமர்ந்தது", "แมวนั่งอยู่บนเสื่อ", "naïve cafe\u0301 wow", "½ ﬁne Ｆull", "a  b   c",
    ];

    private static readonly string[] Controls = ["<s>", "</s>", "<pad>", "<ctl>", "s", "▁the"];

    public static TheoryData<string, string> Flags => new()
    {
        { "plain", "" },
        { "identity", "--normalization_rule_name=identity" },
        { "folded", "--normalization_rule_name=nmt_nfkc_cf --byte_fallback=true" },
        { "no dummy prefix", "--add_dummy_prefix=false" },
        { "spaces stay", "--remove_extra_whitespaces=false --normalization_rule_name=identity --byte_fallback=true" },
        { "spaces stay, no dummy prefix", "--remove_extra_whitespaces=false --add_dummy_prefix=false" },
        { "suffix", "--treat_whitespace_as_suffix=true" },
        { "suffix, spaces stay", "--treat_whitespace_as_suffix=true --remove_extra_whitespaces=false --byte_fallback=true" },
        { "pieces across spaces", "--split_by_whitespace=false --remove_extra_whitespaces=false" },
        { "pieces of spaces", "--allow_whitespace_only_pieces=true --remove_extra_whitespaces=false" },
        { "symbols", "--user_defined_symbols=<x>,of,▁in,▁,ﬁ --control_symbols=<ctl> --pad_id=3" },
        { "symbols and bytes", "--user_defined_symbols=<x>,of,f,ofo,▁▁ --remove_extra_whitespaces=false --byte_fallback=true" },
        { "controls that are words", "--control_symbols=s,▁the" },
        { "surface", "--unk_surface=? --unk_id=2 --bos_id=0 --eos_id=-1" },
        { "no surface", "--unk_surface=" },
    };

    [Theory]
    [MemberData(nameof(Flags))]
    public void Types_and_flags(string name, string flags)
    {
        using var folder = new TemporaryFolder();
        SentencePieceLibrary.Require();
        File.WriteAllLines(folder.File("corpus.txt"), Corpus);
        foreach (var type in (string[])["unigram", "bpe", "word", "char"])
        {
            SpmEncode.Run("spm_train",
                [
                    "--input=" + folder.File("corpus.txt"), "--model_prefix=" + folder.File(type), "--model_type=" + type, "--vocab_size=420",
                    "--hard_vocab_limit=false", "--minloglevel=2", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                ], []);
            SameAsLibrary(folder.File(type + ".model"), $"{type}, {name}");
        }
    }

    [Theory]
    [InlineData("no escape", new byte[] { 0x1A, 2, 0x28, 0 })] // The normaliser's field 5 is false; messages of the same field are merged.
    [InlineData("no prefix, no escape", new byte[] { 0x1A, 4, 0x18, 0, 0x28, 0 })]
    [InlineData("spaces stay, no escape", new byte[] { 0x1A, 4, 0x20, 0, 0x28, 0 })]
    public void Flags_that_the_trainer_does_not_have(string name, byte[] appended)
    {
        using var folder = new TemporaryFolder();
        foreach (var model in (string[])["llama_bpe", "uni_nfkc", "t5_uni"])
        {
            var content = File.ReadAllBytes(Shared.Path("fixtures", "tokenizers", model + ".model"));
            File.WriteAllBytes(folder.File(model), [.. content, .. appended]);
            SameAsLibrary(folder.File(model), $"{model}, {name}");
        }
    }

    [Theory]
    [InlineData("llama_bpe")]
    [InlineData("uni_nfkc")]
    public void A_file_of_nothing_but_pieces_is_a_unigram_model(string model)
    {
        using var folder = new TemporaryFolder();
        var content = File.ReadAllBytes(Shared.Path("fixtures", "tokenizers", model + ".model"));
        var length = 0;
        for (var pieces = 0; pieces < 120; pieces++)
        {
            Assert.Equal(0x0A, content[length]); // Field 1, a piece, shorter than 128 bytes.
            length += 2 + content[length + 1];
        }

        File.WriteAllBytes(folder.File("cut"), content[..length]);
        if (model == "llama_bpe")
        {
            // Byte pieces without byte_fallback, which is in the trainer_spec.
            Assert.Contains("byte", Assert.Throws<LlamaxException>(() => SentencePieceTokenizer.Load(folder.File("cut"))).Message, StringComparison.Ordinal);
            return;
        }

        SameAsLibrary(folder.File("cut"), "cut");
    }

    [Fact]
    public void Decoded_text_goes_through_the_denormaliser()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("corpus.txt"), Corpus);
        File.WriteAllText(folder.File("rules.tsv"), "63 61\t64 6F 67\n62\t\n");
        SpmEncode.Run("spm_train",
            [
                "--input=" + folder.File("corpus.txt"), "--model_prefix=" + folder.File("m"), "--model_type=unigram", "--vocab_size=150",
                "--hard_vocab_limit=false", "--minloglevel=2", "--denormalization_rule_tsv=" + folder.File("rules.tsv"),
            ], []);
        SameAsLibrary(folder.File("m.model"), "denormaliser");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Normal_pieces_may_have_the_text_of_reserved_ones_and_pieces_may_be_unused(int type)
    {
        using var folder = new TemporaryFolder();
        var trainer = new ProtobufWriter();
        trainer.Field(3, type);
        Piece[] pieces =
        [
            new("<unk>", 0, PieceType.Unknown), new("<s>", 0, PieceType.Control), new("</s>", 0, PieceType.Control),
            new("<unk>", -2, PieceType.Normal), new("</s>", -1, PieceType.Unused), new("▁", -9, PieceType.Normal), new("a", -9, PieceType.Normal), new("b", -9, PieceType.Normal),
            new("ab", -1, PieceType.Unused), new("aba", -2, PieceType.Normal), new("bab", 0, PieceType.UserDefined), new("▁a", 0, PieceType.Normal),
            new("k", -3, PieceType.Unused), new("<u", -3, PieceType.Normal), new("nk>", -3, PieceType.Normal), new("nk", -2, PieceType.Normal), new("n", -4, PieceType.Normal),
        ];
        using (var file = File.Create(folder.File("m")))
        {
            SentencePieceModelWriter.Write(file, new SentencePieceModel { Pieces = pieces }, trainer);
        }

        SameAsLibrary(folder.File("m"), $"reserved and unused, type {type}");
    }

    internal static void SameAsLibrary(string model, string where)
    {
        using var library = new SentencePieceLibrary(model);
        var ours = SentencePieceTokenizer.Load(model);
        var random = new RandomStream(11, "fuzz", where);
        var fuzz = new FuzzedText(ours, random);
        List<byte[]> texts = [.. Corpus.Concat(Controls).Append("").Append(" ").Select(Encoding.UTF8.GetBytes), .. Enumerable.Range(0, 300).Select(_ => fuzz.Next())];
        var ids = library.Ids(texts);
        Comparison.SameIds(ours, texts, ids, where, Controls);

        List<byte[]> valid = [.. texts.Where((text, i) => ids[i].Length > 0 && Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)).AsSpan().SequenceEqual(text))];
        foreach (var (text, pieces) in valid.Zip(library.Pieces(valid)))
        {
            Assert.Equal(pieces, ours.EncodePieces(Encoding.UTF8.GetString(text)));
        }

        ids.AddRange(Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(Math.Min(ours.VocabularySize, 1 << (4 + random.Next(8))))).ToArray()));
        Comparison.SameTexts(ours, ids, library.Texts(ids), where);
    }
}
