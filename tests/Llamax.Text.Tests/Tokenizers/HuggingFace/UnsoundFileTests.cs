using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tokenizers.HuggingFace;

namespace Llamax.Text.Tests.Tokenizers.HuggingFace;

/// <summary>A broken or hostile tokenizer.json gives one message, and takes no more memory than its size allows.</summary>
public sealed class UnsoundFileTests
{
    private const string Syntax = "{}[],:\"0129.-\\nul ";

    private const string Sound = """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 0, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
         "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "[a-z]+"}, "behavior": "Isolated", "invert": false},
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
           "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
         "decoder": {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]},
         "model": {"type": "BPE", "dropout": null, "unk_token": "<s>", "continuing_subword_prefix": null, "end_of_word_suffix": null,
           "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
           "vocab": {"<s>": 0, "a": 1, "b": 2, "ab": 3, "▁": 4}, "merges": ["a b"]}}
        """;

    [Theory]
    [InlineData("model.vocab", """{"a": 0, "b": 0}""", "id 0")]
    [InlineData("model.vocab", """{"a": 0, "b": 2, "ab": 99999999}""", "id from 0 to")]
    [InlineData("model.vocab", """{"a": -1}""", "'a'")]
    [InlineData("model.vocab", """["a"]""", "model.vocab")]
    [InlineData("model.merges", """["a c"]""", "merges[0] needs 'c'")]
    [InlineData("model.merges", """["a b", ["b", "a"]]""", "merges[1] needs 'ba'")]
    [InlineData("model.merges", """["ab"]""", "two tokens")]
    [InlineData("model.merges", """[["a"]]""", "two tokens")]
    [InlineData("model.merges", """{}""", "no array")]
    [InlineData("model.dropout", "0.1", "dropout")]
    [InlineData("model.type", "\"WordPiece\"", "BPE and Unigram")]
    [InlineData("model", "3", "no object")]
    [InlineData("normalizer", """{"type": "BertNormalizer"}""", "It knows Sequence, Prepend")]
    [InlineData("normalizer", """{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "X"}]}""", "normalizer.normalizers[1]")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAAA"}""", "precompiled_charsmap")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "?"}""", "base64")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Isolated", "invert": false}""", "pre_tokenizer.pattern")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": "a"}, "behavior": "Sideways", "invert": false}""", "MergedWithNext")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "▁", "add_prefix_space": false, "prepend_scheme": "always"}""", "contradict")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "▁", "add_prefix_space": false, "prepend_scheme": "first"}""", "contradict")]
    [InlineData("pre_tokenizer", """{"type": "UnicodeScripts"}""", "It knows Sequence, ByteLevel")]
    [InlineData("decoder", """{"type": "CTC"}""", "It knows Sequence, ByteLevel")]
    [InlineData("decoder", """{"type": "Strip", "content": "ab", "start": 0, "stop": 0}""", "one character")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [], "special_tokens": {}}""", "sequence A")]
    [InlineData("post_processor", """{"type": "RobertaProcessing", "cls": ["<s>", 77], "sep": ["<s>", 0]}""", "beyond")]
    [InlineData("added_tokens", """[{"id": 0, "content": "x"}]""", "added_tokens[0]")]
    public void A_mistake_is_named_with_its_place(string path, string value, string expected)
    {
        var json = JsonNode.Parse(Sound)!;
        var parent = path.Split('.')[..^1].Aggregate(json, (node, name) => node[name]!);
        parent[path.Split('.')[^1]] = JsonNode.Parse(value);
        var message = Assert.Throws<LlamaxException>(() => Load(Encoding.UTF8.GetBytes(json.ToJsonString()))).Message;
        Assert.Contains("tokenizer.json", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dollar_in_a_replacement_is_a_dollar()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), """
            {"normalizer": {"type": "Replace", "pattern": {"Regex": "(a)b"}, "content": "$1"},
             "decoder": {"type": "Replace", "pattern": {"Regex": "1"}, "content": "$0"},
             "model": {"type": "BPE", "vocab": {"$": 0, "1": 1, "a": 2}, "merges": []}}
            """);
        var tokenizer = HuggingFaceTokenizer.Load(folder.File("tokenizer.json"));
        Assert.Equal([2, 0, 1], tokenizer.Encode("aab"));
        Assert.Equal("$0", tokenizer.Decode([1]));
        Assert.Equal([[2, 0, 1]], Node.Run<int[]>(Node.HuggingFace, "tokenizers", ["aab"], folder.File("tokenizer.json")));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var content = Encoding.UTF8.GetBytes(Sound);
        Load(content);
        for (var length = 0; length < content.Length; length++)
        {
            Assert.Throws<LlamaxException>(() => Load(content[..length]));
        }

        Assert.Throws<LlamaxException>(() => HuggingFaceTokenizer.Load("/nowhere/tokenizer.json"));
    }

    [Fact]
    public void Random_damage_is_refused_or_harmless()
    {
        var content = Encoding.UTF8.GetBytes(Sound);
        Gen.Select(Gen.Int[0, content.Length - 1], Gen.OneOf(Gen.Byte, Gen.Int[0, Syntax.Length - 1].Select(i => (byte)Syntax[i]))).Array[1, 6].Sample(
            changes =>
            {
                var damaged = content.ToArray();
                foreach (var (place, value) in changes)
                {
                    damaged[place] = value;
                }

                Try(damaged);
            },
            iter: 1000, threads: 1);
    }

    public static IEnumerable<TheoryDataRow<string, string, string>> Bombs =>
    [
        new("""{"model": {"type": "BPE", "merges": [], "vocab": {""", "\"{0}\":{0},", "\"x\":32000}}}"),
        new("""{"model": {"type": "BPE", "vocab": {"a": 0, "aa": 1}, "merges": [""", "\"a a\",", "\"a a\"]}}"),
        new("""{"model": {"type": "BPE", "vocab": {"a": 0, "aa": 1}, "merges": [""", "[\"a\",\"a\"],", "\"a a\"]}}"),
        new("""{"model": {"type": "Unigram", "unk_id": 0, "vocab": [""", "[\"{0}\",0],", "[\"x\",0]]}}"),
        new("""{"model": {"type": "Unigram", "unk_id": 0, "vocab": [""", "[\"{0}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",0],", "[\"x\",0]]}}"),
        new("""{"normalizer": [""", "0,", "0]}"),
        new("""{"normalizer": """, "[", "]"),
        new("""{"normalizer": "x""", "\\u0041", "\"}"),
        new("""{"added_tokens": [""", """{{"id":0,"content":"{0}","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false}},""",
            """{"id":0,"content":"x","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":true}], "model": {"type": "BPE", "vocab": {}, "merges": []}}"""),
        new("", "\"a", ""),
    ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_large_file_takes_memory_in_proportion(string start, string repeated, string end)
    {
        Load(Encoding.UTF8.GetBytes(Sound)); // What is built once is built now.
        var text = new StringBuilder(start);
        for (var i = 0; text.Length < 400_000; i++)
        {
            text.Append(repeated.Contains("{0}", StringComparison.Ordinal) ? string.Format(System.Globalization.CultureInfo.InvariantCulture, repeated, i) : repeated);
        }

        var content = Encoding.UTF8.GetBytes(text.Append(end).ToString());
        using var folder = new TemporaryFolder();
        var file = folder.File("tokenizer.json");
        File.WriteAllBytes(file, content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            HuggingFaceTokenizer.Load(file);
        }
        catch (LlamaxException)
        {
        }

        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken <= 16L * content.Length + (1 << 20), $"{taken / (double)content.Length:0.0} times the file");
    }

    private static void Try(byte[] content)
    {
        try
        {
            var tokenizer = Load(content);
            tokenizer.Decode(tokenizer.Encode("  ab é<s> a b 小狗 <s>"));
        }
        catch (LlamaxException)
        {
        }
    }

    private static HuggingFaceTokenizer Load(byte[] content)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("tokenizer.json");
        File.WriteAllBytes(file, content);
        return HuggingFaceTokenizer.Load(file);
    }
}
