using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.HuggingFace;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.HuggingFace;

/// <summary>What <c>tokenizer_config.json</c> says about a text's frame and about tokens, with a <c>tokenizer.json</c> and with a SentencePiece model.</summary>
public sealed class TokenizerConfigTests : IDisposable
{
    // 0 to 2 are pieces; the post-processor puts 3 before a text and 4 after it.
    private const string Json = """
        { "added_tokens": [
            { "id": 3, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true },
            { "id": 4, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true }],
          "post_processor": { "type": "TemplateProcessing",
            "single": [{ "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }, { "SpecialToken": { "id": "</s>", "type_id": 0 } }],
            "pair": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 1 } }],
            "special_tokens": { "<s>": { "id": "<s>", "ids": [3], "tokens": ["<s>"] }, "</s>": { "id": "</s>", "ids": [4], "tokens": ["</s>"] } } },
          "model": { "type": "BPE", "vocab": { "a": 0, "b": 1, "ab": 2 }, "merges": [["a", "b"]] } }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "3 | 4")]
    [InlineData("""{ "tokenizer_class": "PreTrainedTokenizerFast", R, "add_bos_token": false, "add_eos_token": false }""", "3 | 4")]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizerFast", R }""", "3 | ")]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizer", R }""", "3 | ")]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizer", R, "add_bos_token": false }""", " | ")]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizer", R, "add_eos_token": true }""", "3 | 4")]
    [InlineData("""{ "tokenizer_class": "GemmaTokenizer", R, "add_bos_token": false, "add_eos_token": true }""", " | 4")]
    [InlineData("""{ "tokenizer_class": "CohereTokenizerFast", "eos_token": "</s>", "add_eos_token": true }""", " | 4")]
    public void Classes_that_build_their_own_frame_do_it_by_their_switches(string config, string frame)
    {
        var tokenizer = Load(config.Replace(", R", """, "bos_token": "<s>", "eos_token": "</s>" """, StringComparison.Ordinal));
        Assert.Equal(frame, $"{string.Join(' ', tokenizer.Frame().Prefix)} | {string.Join(' ', tokenizer.Frame().Suffix)}");
    }

    [Fact]
    public void Roles_are_tokens_by_name_or_with_their_properties_and_the_map_comes_second()
    {
        Write("special_tokens_map.json", """{ "eos_token": "<pad>", "pad_token": { "content": "<pad>", "lstrip": false } }""");
        var tokenizer = Load("""{ "bos_token": { "content": "<s>", "__type": "AddedToken" }, "eos_token": "</s>" }""");
        Assert.Equal((3, 4, 5), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
        Assert.Equal([2, 5], tokenizer.Encode("ab<pad>"));
        Assert.Equal("ab", tokenizer.Decode([2, 5]));
        Assert.Equal(["<s>", "</s>", "<pad>"], tokenizer.SpecialNames);
    }

    [Fact]
    public void Added_tokens_come_in_the_order_of_their_ids_with_their_properties()
    {
        var tokenizer = Load("""
            { "added_tokens_decoder": {
              "6": { "content": "<right>", "rstrip": true, "special": true }, "5": { "content": "<left>", "lstrip": true, "special": false },
              "7": { "content": "word", "single_word": true, "normalized": false, "special": false } } }
            """);
        Assert.Equal([5, 6, 7], new[] { "<left>", "<right>", "word" }.Select(name => tokenizer.PieceToId(name)!.Value));
        Assert.Equal([0, 5, 1, 6, 0], tokenizer.Encode("a  <left>b<right>  a"));
        Assert.Equal([7], tokenizer.Encode("word").Where(id => id > 2));
        Assert.DoesNotContain(7, tokenizer.Encode("wordb"));
        Assert.Equal("<left>word", tokenizer.Decode([5, 6, 7]).Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "add_bos_token": "yes" }""", "add_bos_token must be true or false")]
    [InlineData("""{ "add_prefix_space": "yes" }""", "add_prefix_space must be true or false")]
    [InlineData("""{ "added_tokens_decoder": { "five": { "content": "x" } } }""", "five is no id")]
    [InlineData("""{ "added_tokens_decoder": { "5": { "lstrip": true } } }""", "lacks \"content\"")]
    [InlineData("""{ "bos_token": 7 }""", "bos_token")]
    public void A_mistake_is_said_by_file_and_key(string config, string message)
    {
        var error = Assert.Throws<LlamaxException>(() => Load(config));
        Assert.Contains("tokenizer_config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizer" }""", "1 | ")]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizer", "add_bos_token": false }""", " | ")]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizer", "add_eos_token": true }""", "1 | 2")]
    [InlineData("""{ "tokenizer_class": "LlamaTokenizerFast", "add_bos_token": false, "add_eos_token": true }""", " | 2")]
    public void A_SentencePiece_model_of_LLaMA_s_has_the_same_switches(string config, string frame)
    {
        File.Copy(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"), folder.File("tokenizer.model"));
        Write("tokenizer_config.json", config);
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal(frame, $"{string.Join(' ', tokenizer.Frame().Prefix)} | {string.Join(' ', tokenizer.Frame().Suffix)}");
    }

    [Fact]
    public void Legacy_puts_a_space_before_each_part_between_special_tokens()
    {
        File.Copy(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"), folder.File("tokenizer.model"));
        var plain = TokenizerFolder.Load(folder.File("tokenizer.model"));
        foreach (var (config, legacy) in new[] { ("", true), (""", "legacy": true""", true), (""", "legacy": false""", false) })
        {
            Write("tokenizer_config.json", $$"""{ "tokenizer_class": "LlamaTokenizer"{{config}} }""");
            var pieces = TokenizerFolder.Load(folder.Path).EncodePieces("the</s>the");
            Assert.Equal("the</s>the", string.Concat(pieces).Replace("▁", "", StringComparison.Ordinal));
            var after = pieces[(pieces.IndexOf("</s>") + 1)..];
            Assert.Equal(legacy, after[0].StartsWith('▁'));
            Assert.True(!legacy || after.SequenceEqual(plain.EncodePieces("the")));
        }
    }

    [Theory]
    [InlineData("LlamaTokenizer", "llama_bpe", "tokenizer.model")]
    [InlineData("T5Tokenizer", "t5_uni", "spiece.model")]
    public void Without_add_prefix_space_the_newer_way_puts_no_space_before_a_text(string name, string model, string file)
    {
        File.Copy(Shared.Path("fixtures", "tokenizers", model + ".model"), folder.File(file));
        Write("tokenizer_config.json", $$"""{ "tokenizer_class": "{{name}}", "legacy": false, "add_prefix_space": false }""");
        var content = SentencePieceModelReader.Read(folder.File(file));
        var (plain, bare) = (new SentencePieceTokenizer(content), new SentencePieceTokenizer(content with { Normalizer = content.Normalizer with { AddDummyPrefix = false } }));
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Empty(opened.Notes);
        var tokenizer = opened.Tokenizer;
        var eos = tokenizer.EosId!.Value;
        Assert.NotEqual(plain.Encode("the cat"), bare.Encode("the cat"));
        Assert.Equal(bare.Encode("the cat"), tokenizer.Encode("the cat"));
        Assert.Equal(plain.Encode("the cat"), tokenizer.Encode(" the cat"));
        Assert.Equal(plain.Encode("the cat"), tokenizer.Encode("▁the cat"));
        Assert.Equal([.. bare.Encode("the"), eos, .. bare.Encode("cat")], tokenizer.Encode("the</s>cat"));
        Assert.Equal([eos, .. plain.Encode("the")], tokenizer.Encode(" </s> the")); // A lone space before a special token goes.
        Assert.Empty(tokenizer.Encode(""));
        foreach (var text in new[] { "the cat", " the cat" })
        {
            Assert.Equal(bare.Decode(tokenizer.Encode(text)), tokenizer.Decode(tokenizer.Encode(text)));
        }

        Write("tokenizer_config.json", $$"""{ "tokenizer_class": "{{name}}", "legacy": false, "add_prefix_space": true }""");
        Assert.Equal(plain.Encode("the cat"), TokenizerFolder.Load(folder.Path).Encode("the cat"));
    }

    [Theory]
    [InlineData("LlamaTokenizer", "llama_bpe", "tokenizer.model", "only counts where \"legacy\" is false")]
    [InlineData("XLMRobertaTokenizer", "uni_nfkc", "sentencepiece.bpe.model", "does not count for xlm-roberta")]
    public void Where_add_prefix_space_does_not_count_it_is_said(string name, string model, string file, string message)
    {
        File.Copy(Shared.Path("fixtures", "tokenizers", model + ".model"), folder.File(file));
        Write("tokenizer_config.json", $$"""{ "tokenizer_class": "{{name}}", "add_prefix_space": true }""");
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Empty(opened.Notes);
        var ids = opened.Tokenizer.Encode("the cat");
        Write("tokenizer_config.json", $$"""{ "tokenizer_class": "{{name}}", "add_prefix_space": false }""");
        opened = TokenizerFolder.Open(folder.Path);
        Assert.Contains(message, Assert.Single(opened.Notes), StringComparison.Ordinal);
        Assert.Equal(ids, opened.Tokenizer.Encode("the cat"));
    }

    [Theory]
    [InlineData("false", "", 0)]
    [InlineData("true", "", 2)]
    [InlineData("false", """{ "add_prefix_space": true }""", 2)]
    [InlineData("true", """{ "add_prefix_space": false }""", 0)]
    [InlineData("true", """{ "add_prefix_space": null }""", 2)]
    [InlineData("false", """{ "add_prefix_space": true }""", 0, true)]
    public void A_stated_add_prefix_space_counts_where_ByteLevel_stands_alone(string inFile, string config, int id, bool inSequence = false)
    {
        var step = $$"""{ "type": "ByteLevel", "add_prefix_space": {{inFile}}, "trim_offsets": true, "use_regex": true }""";
        Write("tokenizer.json", $$"""
            { "pre_tokenizer": {{(inSequence ? $$"""{ "type": "Sequence", "pretokenizers": [{{step}}] }""" : step)}},
              "model": { "type": "BPE", "vocab": { "a": 0, "Ġ": 1, "Ġa": 2 }, "merges": [["Ġ", "a"]] } }
            """);
        if (config.Length > 0)
        {
            Write("tokenizer_config.json", config);
        }

        var tokenizer = HuggingFaceTokenizer.Load(folder.File("tokenizer.json"));
        Assert.Equal([id], tokenizer.Encode("a"));
        Assert.Equal([2], tokenizer.Encode(" a"));
    }

    private HuggingFaceTokenizer Load(string config)
    {
        Write("tokenizer.json", Json);
        if (config.Length > 0)
        {
            Write("tokenizer_config.json", config);
        }

        return HuggingFaceTokenizer.Load(folder.File("tokenizer.json"));
    }

    private void Write(string name, string content) => File.WriteAllText(folder.File(name), content);
}
