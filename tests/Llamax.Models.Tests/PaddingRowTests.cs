using Llamax.Models.Attention;
using Llamax.Testing;
using Llamax.Text.Randomness;
using static TorchSharp.torch;

namespace Llamax.Models.Tests;

/// <summary>What the row of the padding id learns.</summary>
public sealed class PaddingRowTests
{
    private const int Pad = 5;

    [Theory]
    [InlineData(false, true, Pad, true)]
    [InlineData(true, true, Pad, false)] // As the output's row it learns.
    [InlineData(false, false, Pad, false)]
    [InlineData(false, true, null, false)]
    public void The_padding_row_learns_nothing_from_being_read(bool tied, bool isFixed, int? pad, bool nothing)
    {
        using var scope = NewDisposeScope();
        using var model = new CausalLanguageModel(TinyConfig.WithVocabulary(20) with { TiedEmbeddings = tied, FixedPadding = isFixed, PadId = pad });
        model.InitializeWeights(new RandomStream(7, "weights"));
        var hidden = model.Hidden(tensor(new long[] { 1, Pad, 7 }).unsqueeze(0), arange(3).unsqueeze(0), new CausalAttention());
        model.Logits(hidden).logsumexp(-1).sum().backward();
        var gradient = model.Weights().First().Value.grad!.abs().sum(1);
        Assert.Equal(nothing, gradient[Pad].item<float>() == 0);
        Assert.True(gradient[1].item<float>() > 0 && gradient[7].item<float>() > 0);
    }

    [Theory]
    [InlineData("llama2", true)]
    [InlineData("cohere", true)]
    [InlineData("qwen2_tied", true)]
    [InlineData("gpt2", false)] // Its embedding is told of no padding.
    public void Families_are_as_the_reference_library_has_them(string fixture, bool isFixed) =>
        Assert.Equal(isFixed, ConfigFile.Read(Shared.Path("fixtures", fixture)).FixedPadding);
}
