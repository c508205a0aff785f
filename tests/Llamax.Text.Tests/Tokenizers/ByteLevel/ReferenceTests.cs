using System.Text;
using System.Text.Json;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.Gguf;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

/// <summary>Words and ids beside those of Hugging Face's and OpenAI's libraries: here of a few thousand texts, in the long tests of many.</summary>
public sealed class ReferenceTests
{
    private const int Few = 2_000;
    private const int Many = 200_000;

    public static TheoryData<string> Patterns => ["gpt2", "command-r", "llama3", "qwen2", "o200k"];

    public static TheoryData<string> Encodings => ["llama3", "gpt2", "cl100k", "o200k"];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void Words_are_Hugging_Face_s(string name) => CompareWords(name, AnyText.Many(Few));

    [Theory]
    [InlineData(@"\s?\p{L}+")]
    [InlineData(@" ?\p{L}+|\p{N}{1,3}")]
    [InlineData(@"[\r\n]*'?\p{Lu}*\p{Ll}+\s?")]
    public void Words_of_other_patterns_are_Hugging_Face_s(string regex) => CompareWords(SplitPattern.Find(regex), Split(regex), AnyText.Many(Few));

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Ids_are_tiktoken_s(string name) => CompareWithTiktoken(name, AnyText.Many(Few));

    [Theory]
    [InlineData("llama3")]
    [InlineData("gpt2")]
    public void Ids_are_Hugging_Face_s(string name) => CompareWithHuggingFace(name, AnyText.Many(Few));

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Patterns))]
    public void Words_are_Hugging_Face_s_in_many_texts(string name) => CompareWords(name, AnyText.Many(Many));

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Encodings))]
    public void Ids_are_tiktoken_s_in_many_texts(string name)
    {
        CompareWithTiktoken(name, AnyText.Many(Many));
        CompareWithTiktoken(name, FloresLines());
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("llama3")]
    [InlineData("gpt2")]
    public void Ids_are_Hugging_Face_s_in_many_texts(string name)
    {
        CompareWithHuggingFace(name, AnyText.Many(Many));
        CompareWithHuggingFace(name, FloresLines());
    }

    private static string[] FloresLines()
    {
        var archive = Shared.Path("data", "flores", "flores200_dev_devtest.tar.gz");
        string[] lines = [.. Flores.Lines(archive, int.MaxValue, ".dev"), .. Flores.Lines(archive, int.MaxValue, ".devtest")];
        Assert.True(lines.Length > 400_000, $"{lines.Length} lines");
        return lines;
    }

    private static void CompareWords(string name, string[] texts)
    {
        var (pattern, preTokenizer) = name switch
        {
            "gpt2" => (SplitPattern.Gpt2, Split(SplitPattern.Gpt2Regex)),
            "command-r" => (SplitPattern.CommandR, $$"""{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{{Split(SplitPattern.Gpt2Regex)}}]}"""),
            "llama3" => (SplitPattern.Llama3, Split(SplitPattern.Llama3Regex)),
            "qwen2" => (SplitPattern.Qwen2, Split(SplitPattern.Qwen2Regex)),
            _ => (SplitPattern.O200k, Split(SplitPattern.O200kRegex)),
        };
        if (name == "command-r")
        {
            // The library's regular expressions and .NET have Unicode 16; but for digits it asks Rust, which has 13 more in Unicode 17.
            texts = [.. texts.Where(text => !text.EnumerateRunes().Any(rune => rune.Value is (>= 0x11DE0 and <= 0x11DE9) or (>= 0x16FF4 and <= 0x16FF6)))];
        }

        CompareWords(pattern, preTokenizer, texts);
    }

    private static void CompareWords(SplitPattern pattern, string preTokenizer, string[] texts)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), Json(preTokenizer, """{"type":"BPE","vocab":{},"merges":[]}"""));
        var expected = Node.Run<string[]>(Node.HuggingFaceWords, "tokenizers", texts, folder.File("tokenizer.json"));
        Compare(texts, expected, text => [.. SplitPatternTests.Cut(pattern, text)]);
    }

    private static void CompareWithTiktoken(string name, string[] texts)
    {
        using var folder = new TemporaryFolder();
        var (encoding, regex) = Encoding(name);
        var ranks = RankFile(name, folder);
        var tokenizer = TiktokenFile.Load(ranks, encoding);
        var expected = Node.Run<int[]>(Node.Tiktoken, "tiktoken", texts, ranks, regex);
        Compare(texts, expected, text => tokenizer.Encode(text, SpecialTokens.Text));
    }

    private static void CompareWithHuggingFace(string name, string[] texts)
    {
        using var folder = new TemporaryFolder();
        ByteLevelTokenizer tokenizer;
        string model, preTokenizer;
        if (name == "gpt2")
        {
            var file = Shared.Path("data", "tokenizers", "gguf", "ggml-vocab-gpt-2.gguf");
            tokenizer = (ByteLevelTokenizer)GgufVocabulary.Load(file);
            using var stream = File.OpenRead(file);
            var merges = new GgufMetadata(stream, GgufVocabulary.Prefix).Get<GgufStrings>(GgufVocabulary.Prefix + "merges");
            model = Model(tokenizer, 50_256, Enumerable.Range(0, merges.Count).Select(merges.Text), ignoreMerges: false);
            preTokenizer = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";
        }
        else
        {
            tokenizer = TiktokenFile.Load(RankFile(name, folder));
            model = Model(tokenizer, 128_000, HuggingFaceMerges.Of(tokenizer, 128_000), ignoreMerges: true);
            preTokenizer = $$"""{"type":"Sequence","pretokenizers":[{{Split(SplitPattern.Llama3Regex)}},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}""";
        }

        File.WriteAllText(folder.File("tokenizer.json"), Json(preTokenizer, model));
        var expected = Node.Run<int[]>(Node.HuggingFace, "tokenizers", texts, folder.File("tokenizer.json"));
        Compare(texts, expected, text => tokenizer.Encode(text, SpecialTokens.Text));
    }

    private static void Compare<T>(string[] texts, T[][] expected, Func<string, T[]> ours)
    {
        Assert.Equal(texts.Length, expected.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            var actual = ours(texts[i]);
            Assert.True(expected[i].AsSpan().SequenceEqual(actual),
                $"{JsonSerializer.Serialize(texts[i])}: {JsonSerializer.Serialize(actual)} instead of {JsonSerializer.Serialize(expected[i])}");
        }
    }

    private static (TiktokenEncoding Encoding, string Regex) Encoding(string name) => name switch
    {
        "llama3" => (TiktokenEncoding.Llama3, SplitPattern.Llama3Regex),
        "gpt2" => (TiktokenEncoding.Gpt2, SplitPattern.Gpt2Regex),
        "cl100k" => (TiktokenEncoding.Cl100k, SplitPattern.Llama3Regex),
        _ => (TiktokenEncoding.O200k, SplitPattern.O200kRegex),
    };

    private static string RankFile(string name, TemporaryFolder folder)
    {
        if (name == "llama3")
        {
            return Shared.Path("data", "tokenizers", "llama3_tokenizer.model");
        }

        var lines = Node.Run<string>(Node.TiktokenRanks, "tiktoken", [], name == "gpt2" ? name : name + "_base");
        File.WriteAllLines(folder.File(name + ".tiktoken"), lines);
        return folder.File(name + ".tiktoken");
    }

    private static string Split(string regex) => $$"""{"type":"Split","pattern":{"Regex":{{JsonSerializer.Serialize(regex)}}},"behavior":"Isolated","invert":false}""";

    private static string Model(ByteLevelTokenizer tokenizer, int count, IEnumerable<string> merges, bool ignoreMerges)
    {
        var vocabulary = Enumerable.Range(0, count).ToDictionary(tokenizer.IdToPiece, id => id);
        return $$"""{"type":"BPE","ignore_merges":{{(ignoreMerges ? "true" : "false")}},"vocab":{{JsonSerializer.Serialize(vocabulary)}},"merges":{{JsonSerializer.Serialize(merges)}}}""";
    }

    private static string Json(string preTokenizer, string model) =>
        $$"""{"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":{{preTokenizer}},"post_processor":null,"decoder":null,"model":{{model}}}""";
}
