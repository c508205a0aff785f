using Llamax.Testing;
using Llamax.Text.Tokenizers.HuggingFace;

namespace Llamax.Text.Tests.Tokenizers.HuggingFace;

/// <summary>Whole vocabularies of the families, against Hugging Face's own library on real and on fuzzed text.</summary>
public sealed class LibraryParityTests
{
    private const int Fuzzed = 20_000; // For each of the seven.

    [Fact]
    [Trait("Category", "Long")]
    public void Ids_and_texts_are_the_library_s()
    {
        using var folder = new TemporaryFolder();
        string[] texts = [.. Flores.Lines(Shared.Path("data", "flores", "flores200_dev_devtest.tar.gz"), perLanguage: 20), .. FuzzedTexts.Draw(Fuzzed, seed: 1)];
        Node.Run<string>(Node.Build, "tokenizers", [], Path.Combine(AppContext.BaseDirectory, "Fixtures", "huggingface", "full.mjs"), Shared.Path("data", "tokenizers"), folder.Path);
        var files = Directory.GetFiles(folder.Path, "*.json");
        Assert.Equal(7, files.Length);
        foreach (var file in files)
        {
            var tokenizer = HuggingFaceTokenizer.Load(file);
            var expected = Node.Run<BothWays>(Node.HuggingFaceBothWays, "tokenizers", texts, file);
            for (var i = 0; i < texts.Length; i++)
            {
                Assert.Equal((file, texts[i], string.Join(' ', expected[i].Ids)), (file, texts[i], string.Join(' ', tokenizer.Encode(texts[i]))));
                Assert.Equal((file, expected[i].Text), (file, tokenizer.Decode(expected[i].Ids)));
            }
        }
    }

    private sealed record BothWays(int[] Ids, string Text);
}
