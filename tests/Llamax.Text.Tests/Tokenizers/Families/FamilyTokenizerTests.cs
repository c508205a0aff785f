using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.Families;

/// <summary>Rows of Hugging Face's tokenizers in Python (transformers 4.44), on models made for the purpose.</summary>
public sealed class FamilyTokenizerTests
{
    private static readonly Lazy<JsonElement> Expected = new(() =>
        JsonDocument.Parse(File.ReadAllText(Shared.Path("fixtures", "tokenizers", "expected.json"))).RootElement);

    [Theory]
    [InlineData("llama_bpe/LlamaTokenizer(legacy=True)", null)]
    [InlineData("llama_bpe/LlamaTokenizer(legacy=False)", null)]
    [InlineData("uni_nfkc/XLMRobertaTokenizer", null)]
    [InlineData("uni_nfkc/NllbTokenizer(src=eng_Latn,tgt=fra_Latn)", "eng_Latn")]
    [InlineData("t5_uni/T5Tokenizer(extra_ids=0,legacy=True)", null)]
    [InlineData("t5_uni/T5Tokenizer(extra_ids=0,legacy=False)", null)]
    public void Every_row_has_the_slow_tokenizers_ids_and_text(string key, string? language)
    {
        using var folder = FolderOf(key);
        var tokenizer = TokenizerFolder.Load(folder.Path);
        var frame = tokenizer.Frame(language);
        var wrong = new List<string>();
        foreach (var row in Expected.Value.GetProperty(key).EnumerateArray())
        {
            var text = row.GetProperty("text").GetString()!;
            var ids = row.GetProperty("ids").Deserialize<int[]>()!;
            var ours = frame.Around(tokenizer.Encode(text));
            if (!ids.AsSpan().SequenceEqual(ours))
            {
                wrong.Add($"{text}: {string.Join(' ', ours)} instead of {string.Join(' ', ids)}");
            }

            // Python joins punctuation to the word before and cuts the ends off; the text is otherwise the same.
            var decoded = tokenizer.Decode(ids);
            if (Clean(decoded) != Clean(row.GetProperty("decoded").GetString()!))
            {
                wrong.Add($"decoded '{decoded}' instead of '{row.GetProperty("decoded").GetString()}'");
            }

            // Whoever takes the text for text gets it back, and no special token.
            Assert.DoesNotContain(tokenizer.Encode(text, SpecialTokens.Text), id => id == tokenizer.BosId || id == tokenizer.EosId);
        }

        Assert.Empty(wrong);

        static string Clean(string text) => text.Replace(" ?", "?", StringComparison.Ordinal).Trim();
    }

    internal static TemporaryFolder FolderOf(string key)
    {
        var (model, name) = (key.Split('/')[0], key.Split('/')[1].Split('(')[0]);
        var config = new JsonObject { ["tokenizer_class"] = name, ["legacy"] = key.Contains("legacy=True", StringComparison.Ordinal) };
        if (name == "T5Tokenizer")
        {
            config["extra_ids"] = 0;
        }

        if (name == "NllbTokenizer")
        {
            // Without a tokenizer.json, transformers 4.44 gives <mask> the first id after the pieces, and saves it so.
            config["added_tokens_decoder"] = new JsonObject
            {
                ["501"] = new JsonObject { ["content"] = "<mask>", ["lstrip"] = true, ["special"] = true },
                ["548"] = new JsonObject { ["content"] = "eng_Latn", ["special"] = true },
            };
        }

        var folder = new TemporaryFolder();
        var file = name switch { "LlamaTokenizer" => "tokenizer.model", "T5Tokenizer" => "spiece.model", _ => "sentencepiece.bpe.model" };
        File.Copy(Shared.Path("fixtures", "tokenizers", model + ".model"), folder.File(file));
        File.WriteAllText(folder.File("tokenizer_config.json"), config.ToJsonString());
        return folder;
    }
}
