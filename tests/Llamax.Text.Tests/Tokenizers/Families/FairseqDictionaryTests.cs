using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.Families;

public sealed class FairseqDictionaryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_fairseq_dictionary_gives_the_ids_and_a_list_the_languages_that_it_lacks()
    {
        File.Copy(Shared.Path("fixtures", "tokenizers", "uni_nfkc.model"), folder.File("spm.128k.model"));
        string[] pieces = ["he", "e", "\u3000", "▁", "t", "h"];
        Write("data_dict.rm.alllans.txt", string.Concat([.. pieces.Select(piece => $"{piece} 9\n"), "__de__ 1\r\n__zh_cn__ 1\n", "e 1 #fairseq:overwrite\n"]));
        Write("m2m_langs.txt", "en,de\nnl  zh_cn\n");
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Empty(opened.Notes);
        var tokenizer = opened.Tokenizer;
        string[] names = ["<s>", "<pad>", "</s>", "<unk>", "he", "\u3000", "__de__", "__zh_cn__", "e", "__en__", "__nl__"];
        Assert.Equal([0, 1, 2, 3, 4, 6, 10, 11, 12, 13, 14], names.Select(name => tokenizer.PieceToId(name)!.Value));
        Assert.Equal((15, "__nl__", 2, 1, 3), (tokenizer.VocabularySize, tokenizer.IdToPiece(14), tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
        Assert.Equal([10, 4, 2], tokenizer.Frame("deu_Latn").Around([4]));
        Assert.Equal([7, 8, 4, 7, 3], tokenizer.Encode("the 日"));
        Assert.Equal("the", tokenizer.Decode([10, 7, 8, 4, 2]));
        Assert.Equal(14, tokenizer.LanguageId("nld_Latn"));
        Assert.Contains("has no token for the language 'fr'", Assert.Throws<LlamaxException>(() => tokenizer.LanguageId("fr")).Message, StringComparison.Ordinal);

        File.Delete(folder.File("m2m_langs.txt"));
        Assert.Equal((13, 10), (TokenizerFolder.Load(folder.Path).VocabularySize, TokenizerFolder.Load(folder.Path).LanguageId("de")));
        foreach (var (dictionary, expected) in new[]
        {
            ("a 1\nb\n", ".txt:2: a piece, a space and its count"), ("a 1\na 2\n", ".txt:2: 'a' is there already, with the id 4"), ("</s> 3\n", "'</s>' is there already, with the id 2"),
            ("a 1\n", "m2m_langs.txt is missing or empty"), ("\n", ".txt:1:"),
        })
        {
            Write("data_dict.rm.alllans.txt", dictionary);
            Assert.Contains(expected, Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(folder.File("data_dict.rm.alllans.txt"), [0xFF, (byte)' ', (byte)'1']);
        Assert.Contains("cannot be read", Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private void Write(string name, string content) => File.WriteAllText(folder.File(name), content);
}
