using System.Text;
using System.Text.Json;
using Llamax.Testing;
using Llamax.Text.Tokenizers.HuggingFace;
using Llamax.Text.Tokenizers.HuggingFace.Json;

namespace Llamax.Text.Tests.Tokenizers.HuggingFace;

/// <summary>Added tokens at their edges; the ids and texts are those of Hugging Face's library (tokenizers 0.23.2).</summary>
public sealed class AddedTokenTests : IDisposable
{
    private const string Letters = """{ "a": 0, "b": 1, "<": 2, ">": 3, "X": 4, "x": 5, " ": 6 }""";
    private const string Lowercase = """{ "type": "Lowercase" }""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("special normalized", "special normalized", "0 6 6 7 6 6 1 6 7", "a <x> b")]
    [InlineData("special normalized", "special", "0 6 6 7 6 6 1 6 2 5 3", "a <x> b")]
    [InlineData("special normalized", "special lstrip", "0 7 6 6 1 6 2 5 3", "a <x> b")]
    [InlineData("special", "special normalized", "0 6 6 7 6 6 1 6 7", "a <x> b")]
    [InlineData("special", "special lstrip", "0 7 6 6 1 6 2 5 3", "a b")]
    [InlineData("special", "normalized lstrip", "0 7 6 6 1 7", "a <x> b")]
    [InlineData("special", "lstrip", "0 7 6 6 1 6 2 5 3", "a b")]
    [InlineData("normalized", "special", "0 6 6 7 6 6 1 6 2 5 3", "a <x> b")]
    [InlineData("lstrip", "special", "0 6 6 7 6 6 1 6 2 5 3", "a b")]
    [InlineData("normalized", "lstrip", "0 7 6 6 1 6 2 5 3", "a <x> b")]
    [InlineData("lstrip", "normalized", "0 6 6 7 6 6 1 6 7", "a <x> b")]
    [InlineData("", "lstrip", "0 7 6 6 1 6 2 5 3", "a <X> b")]
    public void Of_a_token_that_is_named_twice_the_last_properties_count(string first, string second, string ids, string text)
    {
        foreach (var inConfig in new[] { false, true })
        {
            File.WriteAllText(folder.File("tokenizer_config.json"), inConfig ? $$"""{ "added_tokens_decoder": { "7": {{Token("<X>", second)}} } }""" : "{}");
            var tokenizer = Load(Lowercase, inConfig ? [Token("<X>", first)] : [Token("<X>", first), Token("<X>", second)]);
            Assert.Equal(ids, string.Join(' ', tokenizer.Encode("a  <X>  b <x>")));

            // The library's decoder joins the tokens of this model with spaces, which ours does where there is no decoder, too.
            Assert.Equal(text, tokenizer.Decode([0, 7, 1]));
            Assert.Equal(first.Contains("special", StringComparison.Ordinal) || second.Contains("special", StringComparison.Ordinal) ? ["<X>"] : [], tokenizer.SpecialNames);
        }
    }

    [Theory]
    [InlineData("lstrip", "a  b", "0 1")]
    [InlineData("lstrip", "a b", "0 1")]
    [InlineData("lstrip", "a   b", "0 1")] // Here the library fails.
    [InlineData("lstrip", "  a  ", "7 0")]
    [InlineData("lstrip", "xa  x", "5 0 5")]
    [InlineData("", "a  b", "0 7 1")]
    [InlineData("", "a   b", "0 7 6 1")]
    [InlineData("", "a     b", "0 7 7 6 1")]
    public void White_space_that_a_token_has_taken_is_no_token_of_its_own(string properties, string text, string ids) =>
        Assert.Equal(ids, string.Join(' ', Load("null", Token("a", "special rstrip"), Token("  ", properties + " special")).Encode(text)));

    [Theory]
    [InlineData("aXb", "0 1")]
    [InlineData("bbXb", "1 1 1")]
    [InlineData("b  b", "1 6 6 1")]
    public void A_token_of_which_normalising_leaves_nothing_is_found_nowhere(string text, string ids)
    {
        var tokenizer = Load("""{ "type": "Replace", "pattern": { "String": "X" }, "content": "" }""", Token("a", ""), Token("X", "normalized"));
        Assert.Equal(ids, string.Join(' ', tokenizer.Encode(text)));
        Assert.Equal(7, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("(a)b", "<$1>", "ab x", "2 3 6 5")]
    [InlineData("a*", "x", "ab <", "5 1 5 6 5 2 5")]
    [InlineData("b|(?<=b)", "x", "bba", "5 5 0")]
    public void A_replacement_is_taken_as_it_stands(string regex, string content, string text, string ids)
    {
        var normalizer = JsonSerializer.Serialize(new { type = "Replace", pattern = new { Regex = regex }, content });
        Assert.Equal(ids, string.Join(' ', Load(normalizer).Encode(text)));
    }

    [Fact]
    public void Many_tokens_far_down_a_file_take_no_time()
    {
        // 40,000 times through 32 MB took more than a minute.
        const int Count = 40_000;
        var json = Encoding.UTF8.GetBytes(new string('\n', 32 << 20)
            + $"[{string.Join(',', Enumerable.Range(0, Count).Select(i => Token($"<{i}>", "")))}]");
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Assert.Equal(Count, AddedTokenReader.Read("tokenizer.json", json, ref reader).Count);
    }

    [Fact]
    public void A_mistake_in_a_token_is_named_by_its_line()
    {
        var json = Encoding.UTF8.GetBytes($"\n[{Token("<0>", "")},\n\n{{\n\"content\": 7 }}]");
        var error = Assert.Throws<LlamaxException>(() =>
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            AddedTokenReader.Read("tokenizer.json", json, ref reader);
        });
        Assert.Contains("tokenizer.json, line 4: added_tokens[1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_special_tokens_of_the_configuration_take_no_time()
    {
        // Each beside all before it took more than a minute.
        const int Count = 80_000;
        File.WriteAllText(folder.File("special_tokens_map.json"), JsonSerializer.Serialize(new
        {
            additional_special_tokens = Enumerable.Range(0, Count).Select(i => $"<{i % (Count - 1)}>"),
        }));
        var tokenizer = Load("null", Token("<5>", "lstrip"));
        Assert.Equal((7 + Count - 1, 7, 8), (tokenizer.VocabularySize, tokenizer.PieceToId("<5>"), tokenizer.PieceToId("<0>")));
        Assert.Equal([0, 7, 9], tokenizer.Encode("a <5><1>"));
    }

    private static string Token(string content, string properties)
    {
        bool Has(string property) => properties.Split(' ').Contains(property);
        return JsonSerializer.Serialize(new
        {
            id = 7,
            content,
            single_word = false,
            lstrip = Has("lstrip"),
            rstrip = Has("rstrip"),
            normalized = Has("normalized"),
            special = Has("special"),
        });
    }

    private HuggingFaceTokenizer Load(string normalizer, params string[] added)
    {
        var file = folder.File("tokenizer.json");
        File.WriteAllText(file, $$"""{ "added_tokens": [{{string.Join(',', added)}}], "normalizer": {{normalizer}}, "model": { "type": "BPE", "vocab": {{Letters}}, "merges": [] } }""");
        return HuggingFaceTokenizer.Load(file);
    }
}
