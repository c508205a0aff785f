using System.IO.Compression;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers;

public sealed class PieceListConverterTests
{
    private static readonly string[] Pieces = ["<unk>\t0", "<s>\t0", "</s>\t0", "ab\t-0", "▁\t-1", "a\t-2", "b\t-3"];

    [Fact]
    public void The_list_of_the_FLORES_200_vocabulary_becomes_a_model_that_the_library_uses_as_we_do()
    {
        using var folder = new TemporaryFolder();
        var list = Shared.Path("data", "tokenizers", "flores200_spm_pieces_reconstructed.tsv.gz");
        var tokenizer = PieceListConverter.Convert(Lines(list), list,
            new PieceListOptions { NormalizerFrom = Shared.Path("data", "tokenizers", "t5_spiece.model") }, folder.File("flores200.model"));
        Assert.Equal(256_000, tokenizer.VocabularySize);
        var lines = Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 10);
        Assert.Equal(SpmEncode.Ids(folder.File("flores200.model"), lines), lines.Select(line => tokenizer.Encode(line)));
    }

    [Theory]
    [InlineData(3, "ab", "line 4: 'ab' is no piece")]
    [InlineData(3, "\t-1", "line 4")]
    [InlineData(5, "▁\t-4", "line 6: the piece '▁' is there already, in line 5")]
    [InlineData(5, "a\tx", "line 6: 'x' is no score")]
    [InlineData(5, "a\tNaN", "line 6")]
    [InlineData(5, "<0x41>\t0", "1 byte pieces")]
    [InlineData(0, "x\t0", "0 unknown pieces")]
    public void A_wrong_line_is_named(int line, string text, string message)
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. Pieces[..line], text, .. Pieces[(line + 1)..]];
        var error = Assert.Throws<LlamaxException>(() => PieceListConverter.Convert(lines, "x.tsv", new PieceListOptions(), folder.File("x.model")));
        Assert.Contains("x.tsv", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_kind_of_model_shows_in_the_scores_unless_it_is_said()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(["▁", "ab"], Convert(Pieces, null));
        Assert.Equal(["▁", "a", "b"], Convert(["<unk>\t0", "<s>\t0", "</s>\t0", "ab\t-8.5", "▁\t-1", "a\t-2", "b\t-3"], null));
        Assert.Equal(["▁", "a", "b"], Convert(["<unk>\t0", "<s>\t0", "</s>\t0", "ab\t-8", "▁\t-1", "a\t-2", "b\t-3"], "unigram"));

        IEnumerable<string> Convert(string[] lines, string? type) =>
            PieceListConverter.Convert(lines, "x.tsv", new PieceListOptions { Type = type }, folder.File("x.model")).EncodePieces("ab");
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
