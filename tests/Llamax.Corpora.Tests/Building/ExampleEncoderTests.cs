using System.Text;
using CsCheck;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Chunks;
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
        var blocks = Encode(tokenizer, Small with { BlockSize = size }, (encoder, entries) => encoder.AddBlocks(Utf8(text), ExampleKinds.Monolingual, "en", entries));
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
        var example = Connect(tokenizer, Small, "a cat", "un chat")!;
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
        var example = ConnectForTarget(tokenizer, Small, "a katze", "un chat")!;
        Assert.Equal(counted, tokenizer.Decode(example.InputIds.AsSpan(example.LossFrom)));
        Assert.Equal("a katze un chat", tokenizer.Decode(example.InputIds));
        Assert.Equal(("code-switched", "en-fr"), (example.Kind, example.Direction));
    }

    [Fact]
    public void Bos_and_eos_can_be_left_out_and_are_where_the_tokenizer_has_none()
    {
        Assert.Equal("ab cd".Length, Connect(new CharacterTokenizer(), Small with { Bos = false, Eos = false }, "ab", "cd")!.InputIds.Length);
        var bare = new CharacterTokenizer(hasMarks: false);
        Assert.Equal("ab cd".Length, Connect(bare, Small, "ab", "cd")!.InputIds.Length);
        Assert.Equal(3, ConnectForTarget(bare, Small, "ab", "cd")!.LossFrom);
        Assert.Empty(Encode(bare, Small, (encoder, entries) => encoder.AddBlocks("x"u8, ExampleKinds.Monolingual, "en", entries)));
    }

    [Fact]
    public void What_is_too_long_is_left_out()
    {
        var tokenizer = new CharacterTokenizer();
        Assert.NotNull(Connect(tokenizer, Small, "12345678", "123456789"));
        Assert.Null(Connect(tokenizer, Small, "12345678", "1234567890"));
        Assert.Null(ConnectForTarget(tokenizer, Small, "12345678", "1234567890"));
        var entries = new EntryBuffer();
        new ExampleEncoder(tokenizer, Small).AddPair("12345678"u8, "1234567890"u8, ExampleKinds.Parallel, "en-fr", entries);
        Assert.Equal(KeyValuePair.Create(ExampleEncoder.PairTooLong, 1L), Assert.Single(entries.LeftOut));
    }

    [Fact]
    public void An_instruction_has_its_loss_on_the_response_and_eos()
    {
        var tokenizer = new CharacterTokenizer();
        var example = Assert.Single(Encode(tokenizer, new DataOptions(), (encoder, entries) =>
            encoder.AddInstruction(new InstructionExample("Add.", "1 and 2", "It is 3."), PromptTemplate.Find("alpaca"), entries)));
        Assert.Equal(1, example.InputIds[0]);
        Assert.Equal("It is 3.", tokenizer.Decode(example.InputIds.AsSpan(example.LossFrom)));
        Assert.EndsWith("### Response:", tokenizer.Decode(example.InputIds.AsSpan(0, example.LossFrom)), StringComparison.Ordinal);
        Assert.Equal(2, example.InputIds[^1]);
        Assert.Equal("instruction", example.Kind);
    }

    private static TrainingExample? Connect(CharacterTokenizer tokenizer, DataOptions options, string first, string second) =>
        Encode(tokenizer, options, (encoder, entries) => encoder.AddPair(Utf8(first), Utf8(second), ExampleKinds.Parallel, "en-fr", entries)).SingleOrDefault();

    private static TrainingExample? ConnectForTarget(CharacterTokenizer tokenizer, DataOptions options, string source, string target) =>
        Encode(tokenizer, options, (encoder, entries) => encoder.AddForTarget(Utf8(source), Utf8(target), ExampleKinds.CodeSwitched, "en-fr", entries)).SingleOrDefault();

    private static List<TrainingExample> Encode(CharacterTokenizer tokenizer, DataOptions options, Action<ExampleEncoder, EntryBuffer> add)
    {
        var entries = new EntryBuffer();
        add(new ExampleEncoder(tokenizer, options), entries);
        return [.. Enumerable.Range(0, entries.Count).Select(i =>
            new TrainingExample(entries.Ids(i).ToArray(), entries[i].LossFrom, entries[i].Kind, entries[i].Direction))];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
