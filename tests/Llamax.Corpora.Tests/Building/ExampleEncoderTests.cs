using CsCheck;
using Llamax.Corpora.Building;
using Llamax.Corpora.Readers;
using Llamax.Text.Prompts;

namespace Llamax.Corpora.Tests.Building;

public sealed class ExampleEncoderTests
{
    private static readonly DataOptions Small = new() { BlockSize = 8, MaxTokens = 20 };

    [Fact]
    public void Blocks_lose_no_token_and_only_the_texts_end_has_eos() => Gen.Select(Gen.Int[1, 60], Gen.Int[8, 20]).Sample((length, size) =>
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        var tokenizer = new CharacterTokenizer();
        var blocks = new ExampleEncoder(tokenizer, Small with { BlockSize = size }).Blocks(new Document("en", text));
        Assert.Equal(text, string.Concat(blocks.Select(block => tokenizer.Decode(block.InputIds))));
        Assert.All(blocks, block =>
        {
            Assert.InRange(block.InputIds.Length, 2, size);
            Assert.Equal(1, block.InputIds[0]);
            Assert.Equal((0, "mono", "en"), (block.LossFrom, block.Kind, block.Direction));
        });
        Assert.All(blocks.SkipLast(1), block => Assert.Equal(size, block.InputIds.Length));
        Assert.DoesNotContain(2, blocks.SkipLast(1).SelectMany(block => block.InputIds));
        Assert.Equal(length % (size - 1) == 0 ? 0 : 1, blocks[^1].InputIds.Count(id => id == 2));
    });

    [Fact]
    public void A_connected_pair_is_bos_source_space_target_eos_with_loss_on_everything()
    {
        var tokenizer = new CharacterTokenizer();
        var example = new ExampleEncoder(tokenizer, Small).Connect(new SentencePair("en", "fr", "a cat", "un chat"))!;
        Assert.Equal((1, 2), (example.InputIds[0], example.InputIds[^1]));
        Assert.Equal("a cat un chat", tokenizer.Decode(example.InputIds));
        Assert.Equal((0, "parallel", "en-fr"), (example.LossFrom, example.Kind, example.Direction));
    }

    [Theory]
    [InlineData(false, "un chat")] // The space is a token of its own and belongs to the source.
    [InlineData(true, " un chat")] // The space is the beginning of the target's first token.
    public void The_loss_of_a_code_switched_pair_begins_with_the_target(bool glueSpaces, string counted)
    {
        var tokenizer = new CharacterTokenizer(glueSpaces);
        var example = new ExampleEncoder(tokenizer, Small).ConnectForTarget(new SentencePair("en", "fr", "a katze", "un chat"))!;
        Assert.Equal(counted, tokenizer.Decode(example.InputIds.AsSpan(example.LossFrom)));
        Assert.Equal("a katze un chat", tokenizer.Decode(example.InputIds));
        Assert.Equal(("code-switched", "en-fr"), (example.Kind, example.Direction));
    }

    [Fact]
    public void Bos_and_eos_can_be_left_out_and_are_where_the_tokenizer_has_none()
    {
        var pair = new SentencePair("en", "fr", "ab", "cd");
        Assert.Equal("ab cd".Length, new ExampleEncoder(new CharacterTokenizer(), Small with { Bos = false, Eos = false }).Connect(pair)!.InputIds.Length);
        var bare = new ExampleEncoder(new CharacterTokenizer(hasMarks: false), Small);
        Assert.Equal("ab cd".Length, bare.Connect(pair)!.InputIds.Length);
        Assert.Equal(3, bare.ConnectForTarget(pair)!.LossFrom);
        Assert.Empty(bare.Blocks(new Document("en", "x")));
    }

    [Fact]
    public void What_is_too_long_is_left_out()
    {
        var encoder = new ExampleEncoder(new CharacterTokenizer(), Small);
        Assert.NotNull(encoder.Connect(new SentencePair("en", "fr", "12345678", "123456789")));
        Assert.Null(encoder.Connect(new SentencePair("en", "fr", "12345678", "1234567890")));
        Assert.Null(encoder.ConnectForTarget(new SentencePair("en", "fr", "12345678", "1234567890")));
    }

    [Fact]
    public void An_instruction_has_its_loss_on_the_response_and_eos()
    {
        var tokenizer = new CharacterTokenizer();
        var encoder = new ExampleEncoder(tokenizer, new DataOptions());
        var example = encoder.Instruct(new InstructionExample("Add.", "1 and 2", "It is 3."), PromptTemplate.Find("alpaca"))!;
        Assert.Equal(1, example.InputIds[0]);
        Assert.Equal("It is 3.", tokenizer.Decode(example.InputIds.AsSpan(example.LossFrom)));
        Assert.EndsWith("### Response:", tokenizer.Decode(example.InputIds.AsSpan(0, example.LossFrom)), StringComparison.Ordinal);
        Assert.Equal(2, example.InputIds[^1]);
        Assert.Equal("instruction", example.Kind);
    }
}
