using Llamax.Testing;
using Llamax.Text.Tests.Tokenizers.Gguf;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Gguf;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>The names of special tokens in a text, for every kind of tokenizer.</summary>
public sealed class SpecialTokensTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("sentencepiece", 0)]
    [InlineData("gguf llama", 0)]
    [InlineData("llama", 4)]
    [InlineData("xlm-roberta", 5)]
    [InlineData("nllb", 4 + 202 + 1)]
    [InlineData("t5", 3 + 100)]
    [InlineData("tokenizer.json", 3)]
    [InlineData("vocab.json", 1)]
    [InlineData("tiktoken", 256)]
    [InlineData("gguf gpt2", 1)]
    public void Text_does_not_steer(string kind, int names)
    {
        var tokenizer = Open(kind);
        Assert.Equal(names, tokenizer.SpecialNames.Count);
        foreach (var name in tokenizer.SpecialNames.Take(20))
        {
            var (id, text) = (tokenizer.PieceToId(name)!.Value, $"a{name}b");
            Assert.Contains(id, tokenizer.Encode(text));
            Assert.Equal("ab", tokenizer.Decode(tokenizer.Encode(text)).Replace(" ", "", StringComparison.Ordinal));
            var ids = tokenizer.Encode(text, SpecialTokens.Text);
            if (id != tokenizer.UnknownId)
            {
                Assert.DoesNotContain(id, ids);
            }

            if (tokenizer.UnknownId is not { } unknown || !ids.Contains(unknown))
            {
                Assert.Equal(text, tokenizer.Decode(ids));
            }

            Assert.Equal(ids, tokenizer.EncodePieces(text, SpecialTokens.Text).Select(piece => tokenizer.PieceToId(piece) ?? tokenizer.UnknownId!.Value));
        }

        // Whose own library reads the names of control symbols as text reads nothing else.
        const string control = "a<s>b</s>";
        if (names == 0)
        {
            Assert.Equal(tokenizer.Encode(control, SpecialTokens.Text), tokenizer.Encode(control));
            Assert.Equal(control, tokenizer.Decode(tokenizer.Encode(control)));
        }
    }

    [Theory]
    [InlineData("sentencepiece")]
    [InlineData("llama")]
    [InlineData("tokenizer.json")]
    [InlineData("vocab.json")]
    [InlineData("gguf gpt2")]
    public void What_steers_nothing_is_found_in_text_too(string kind)
    {
        var tokenizer = Open(kind);
        var id = tokenizer.PieceToId("<keep>")!.Value;
        Assert.Contains(id, tokenizer.Encode("a<keep>b"));
        Assert.Contains(id, tokenizer.Encode("a<keep>b", SpecialTokens.Text));
        Assert.Equal("a<keep>b", tokenizer.Decode(tokenizer.Encode("a<keep>b", SpecialTokens.Text)));
    }

    private Tokenizer Open(string kind)
    {
        const string keep = """{ "content": "<keep>", "special": false, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false """;
        switch (kind)
        {
            case "sentencepiece":
                return Train("x.model");
            case "llama":
                Train("tokenizer.model");
                Write("tokenizer_config.json", """{ "tokenizer_class": "LlamaTokenizer", "pad_token": "<pad>", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>" }""");
                Write("added_tokens.json", $$"""{ "<keep>": {{TokenizerFolder.Load(folder.File("tokenizer.model")).PieceToId("<keep>")}} }""");
                break;
            case "xlm-roberta" or "nllb" or "t5":
                File.Copy(Shared.Path("fixtures", "tokenizers", kind == "t5" ? "t5_uni.model" : "uni_nfkc.model"), folder.File(kind == "t5" ? "spiece.model" : "sentencepiece.bpe.model"));
                Write("config.json", kind == "nllb" ? "{}" : $$"""{ "model_type": "{{kind}}" }""");
                Write("tokenizer_config.json", kind == "nllb" ? """{ "tokenizer_class": "NllbTokenizer" }""" : "{}");
                break;
            case "tokenizer.json":
                Train("x.model");
                TokenizerJson.Convert(folder.File("x.model"), folder.File("tokenizer.json"));
                break;
            case "vocab.json":
                Write("vocab.json", """{ "a": 0, "b": 1, "<": 2, "|": 3, ">": 4, "e": 5, "n": 6, "d": 7, "o": 8, "f": 9, "t": 10, "x": 11, "<|endoftext|>": 12, "k": 13, "p": 14 }""");
                Write("merges.txt", "");
                Write("tokenizer_config.json", $$"""{ "tokenizer_class": "GPT2Tokenizer", "added_tokens_decoder": { "15": {{keep}} } } }""");
                break;
            case "tiktoken":
                return TokenizerFolder.Load(Shared.Path("data", "tokenizers", "llama3_tokenizer.model"));
            case "gguf gpt2":
                return GgufVocabulary.Read(new MemoryStream(new GgufFile()
                    .Add("tokenizer.ggml.model", "gpt2").Add("tokenizer.ggml.pre", "gpt-2").Add("tokenizer.ggml.merges", Array.Empty<string>())
                    .Add("tokenizer.ggml.tokens", [.. "ab<>kepndotxf|".Select(character => character.ToString()), "<|endoftext|>", "<keep>"])
                    .Add("tokenizer.ggml.token_type", [.. Enumerable.Repeat(1, 14), 3, 4]).Content()));
            default:
                return TokenizerFolder.Load(Shared.Path("data", "tokenizers", "gguf", "ggml-vocab-llama-spm.gguf"));
        }

        return TokenizerFolder.Load(folder.Path);
    }

    private SentencePieceTokenizer Train(string name) => new BpeTrainer(new BpeTrainerOptions { VocabularySize = 265, UserSymbols = ["<keep>"] })
        .Train(["ab ab"], folder.File(name));

    private void Write(string name, string content) => File.WriteAllText(folder.File(name), content);
}
