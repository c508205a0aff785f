using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>What we train with any normaliser is a model to the library as well, and both encode every script alike with it.</summary>
public sealed class TrainedModelTests
{
    // Full width, a ligature, a fraction, a mark of its own, an ideographic space, no-width characters, controls, what has no piece.
    private static readonly string[] Hard = ["Ａﬁ ½ é e\u0301", " \u3000 x\u200b\u00ad y", "a\tb\u0001\u007f", "ſtraße İΣς", "㍿ 😀 \u1d3f", "", " "];

    [Theory]
    [InlineData("identity", "Ａﬁ")]
    [InlineData("nfkc", "Afi")]
    [InlineData("nmt_nfkc", "Afi")]
    [InlineData("nfkc_cf", "afi")]
    [InlineData("nmt_nfkc_cf", "afi")]
    public void The_library_loads_it_and_gives_our_ids(string normalizer, string normalized)
    {
        using var folder = new TemporaryFolder();
        var sentences = Flores.Lines(Shared.Path("data", "flores", "flores101_dev_devtest.tar.gz"), perLanguage: 8);
        string[] corpus = [.. sentences.Where((_, i) => i % 8 < 6)];
        string[] heldOut = [.. sentences.Where((_, i) => i % 8 >= 6), .. Hard];
        var trainer = new BpeTrainer(new BpeTrainerOptions { VocabularySize = 4500, Normalizer = normalizer });
        var ours = trainer.Train(corpus, folder.File("x.model"));
        Assert.Equal(SpmEncode.Ids(folder.File("x.model"), heldOut), heldOut.Select(line => ours.Encode(line)));
        Assert.Equal(normalized, ours.Decode(ours.Encode("Ａﬁ")));
    }
}
