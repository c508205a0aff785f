using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>The same ids as Debian's <c>spm_encode</c>, and the same texts as <c>spm_decode</c>.</summary>
public sealed class LibraryParityTests
{
    // Letters of several scripts, marks, spaces of all kinds, what the models use themselves, and what no model knows.
    private static readonly string[] Fragments =
    [
        " ", "  ", "\t", "\u00a0", "\u3000", "▁", "▁▁", "a", "e", "the", " the", "in", "ing", "tion", "0", "1", "12", "½",
        "é", "e\u0301", "ﬁ", "Ａ", "я", "ой", "ا", "لا", "ல்", "த", "ก", "ำ", "ั", "中", "国", "的", "한", "ㅎ", "\u200b", "\u200d",
        "\ufeff", "\ufffd", "😀", "𠮷", "<s>", "</s>", "<unk>", "<0x0A>", ".", "...", ",", "\"", "''", "-", "\u0001", "K", "ſ",
    ];

    [Theory]
    [InlineData("fixtures/tokenizers/llama_bpe.model")]
    [InlineData("fixtures/tokenizers/uni_nfkc.model")]
    [InlineData("fixtures/tokenizers/t5_uni.model")]
    [InlineData("fixtures/sacrebleu/toy_spm.model")]
    [InlineData("data/tokenizers/llama2_tokenizer.model")]
    [InlineData("data/tokenizers/t5_spiece.model")]
    public void Random_texts_give_the_same_ids_and_decode_alike(string file)
    {
        var random = new RandomStream(7, "tokenizer", "texts");
        var lines = Enumerable.Range(0, 3000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(25)).Select(_ => Fragments[random.Next(Fragments.Length)])))
            .Append(string.Concat(Enumerable.Repeat("abab", 2000))).ToArray();
        Compare(Shared.Path(file), lines);
    }

    [Theory]
    [InlineData("data/tokenizers/llama2_tokenizer.model")]
    [InlineData("data/tokenizers/t5_spiece.model")]
    public void News_in_many_languages_gives_the_same_ids(string file)
    {
        var lines = Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 15);
        Assert.True(lines.Length > 1000);
        Compare(Shared.Path(file), lines);
    }

    private static void Compare(string model, string[] lines)
    {
        var tokenizer = SentencePieceTokenizer.Load(model);
        var expected = SpmEncode.Ids(model, lines);
        Assert.Equal(lines.Length, expected.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            var ids = tokenizer.Encode(lines[i]);
            Assert.True(expected[i].AsSpan().SequenceEqual(ids),
                $"'{lines[i]}': {string.Join(' ', ids)} instead of {string.Join(' ', expected[i])}");
        }

        var texts = SpmEncode.Texts(model, expected);
        Assert.Equal(texts, expected.Select(ids => tokenizer.Decode(ids)));
    }
}
