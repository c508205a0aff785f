using System.Text;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.ByteLevel;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>A warm tokenizer encodes into the caller's memory and takes none of its own.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("fixtures/tokenizers/llama_bpe.model")]
    [InlineData("fixtures/tokenizers/uni_nfkc.model")]
    [InlineData("fixtures/sacrebleu/toy_spm.model")]
    [InlineData("data/tokenizers/llama2_tokenizer.model")]
    [InlineData("data/tokenizers/t5_spiece.model")]
    public void Encoding_takes_no_memory(string file)
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path(file));
        var lines = Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 5);
        var utf8 = lines.Select(Encoding.UTF8.GetBytes).ToArray();
        var ids = new int[10_000];
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < lines.Length; i++)
            {
                Assert.True(tokenizer.TryEncode(utf8[i], ids, out _));
                Assert.True(tokenizer.TryEncode(lines[i], ids, out _));
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(round < 2 || allocated == 0, $"{allocated} bytes in {2 * lines.Length} texts");
        }
    }

    [Fact]
    public void Patterns_one_after_the_other_take_no_memory()
    {
        var pattern = new SplitSequence(SplitPattern.CommandR, SplitPattern.Llama3, SplitPattern.O200k);
        var utf8 = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("In 2001 they're  here; ", 50)));
        var pieces = new SplitPieces();
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            pattern.Split(utf8, pieces);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(round < 2 || allocated == 0, $"{allocated} bytes");
        }
    }

    [Fact]
    public void A_giant_text_leaves_the_memory_of_later_ones_as_it_was()
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"));
        var ids = new int[3_000_000];
        Assert.True(tokenizer.TryEncode("the same words come again", ids, out _));
        Assert.True(tokenizer.TryEncode(new string('a', 2_000_000), ids, out _));
        tokenizer.TryEncode("the same words come again", ids, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.TryEncode("the same words come again", ids, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
