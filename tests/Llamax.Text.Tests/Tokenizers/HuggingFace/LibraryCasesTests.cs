using System.Text;
using System.Text.Json;
using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.HuggingFace;

namespace Llamax.Text.Tests.Tokenizers.HuggingFace;

/// <summary>Small tokenizers of every kind give the ids and texts that Hugging Face's own library gave (Fixtures/huggingface/make.mjs).</summary>
public sealed class LibraryCasesTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "huggingface", "cases.json"))).RootElement;

    public static IEnumerable<TheoryDataRow<string>> Names =>
        Cases.GetProperty("tokenizers").EnumerateArray().Select(tokenizer => new TheoryDataRow<string>(tokenizer.GetProperty("name").GetString()!));

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_and_texts_are_the_library_s(string name)
    {
        using var folder = new TemporaryFolder();
        var expected = Case(name);
        var tokenizer = Load(folder, expected);
        int[] framed = [.. tokenizer.Frame().Prefix, .. tokenizer.Encode("a"), .. tokenizer.Frame().Suffix];
        Assert.Equal(Ids(expected.GetProperty("framed")), framed);
        foreach (var (index, text) in Cases.GetProperty("texts").EnumerateArray().Index())
        {
            var ids = Ids(expected.GetProperty("ids")[index]);
            Assert.Equal((text.GetString(), string.Join(' ', ids)), (text.GetString(), string.Join(' ', tokenizer.Encode(text.GetString()))));
            Assert.Equal(expected.GetProperty("decoded")[index].GetString(), tokenizer.Decode(ids));
            Assert.Equal(ids, Utf8Ids(tokenizer, text.GetString()!));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Drawn_ids_decode_alike_whole_and_streamed(string name)
    {
        using var folder = new TemporaryFolder();
        var expected = Case(name);
        var tokenizer = Load(folder, expected);
        foreach (var (index, row) in Cases.GetProperty("drawn").EnumerateArray().Index())
        {
            var (text, decoder) = (new StringBuilder(), tokenizer.CreateDecoder());
            foreach (var id in Ids(row))
            {
                decoder.Add(id % expected.GetProperty("size").GetInt32(), text);
                Assert.False(text.Length > 0 && char.IsHighSurrogate(text[^1]));
            }

            decoder.Finish(text);
            Assert.Equal(expected.GetProperty("drawn")[index].GetString(), text.ToString());
        }
    }

    private static JsonElement Case(string name) =>
        Cases.GetProperty("tokenizers").EnumerateArray().Single(tokenizer => tokenizer.GetProperty("name").GetString() == name);

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt32())];

    private static int[] Utf8Ids(Tokenizer tokenizer, string text)
    {
        var ids = new int[16 + 8 * text.Length];
        Assert.True(tokenizer.TryEncode(Encoding.UTF8.GetBytes(text), ids, out var count));
        return ids[..count];
    }

    private static HuggingFaceTokenizer Load(TemporaryFolder folder, JsonElement expected)
    {
        var file = folder.File("tokenizer.json");
        File.WriteAllText(file, expected.GetProperty("tokenizer").GetRawText());
        return HuggingFaceTokenizer.Load(file);
    }
}
