using Llamax.Recipes.Schema;
using Llamax.Testing;

namespace Llamax.Recipes.Tests.Schema;

public sealed class WeightChecksTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public WeightChecksTests() => File.WriteAllText(folder.File("text"), "");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Temperature_and_weights_reach_the_loader()
    {
        var options = Load("temperature: 5, weights: { parallel: 2, fr: 0.5, en-fr: 3, code-switched: 0 }").Pretrain.ToBatchOptions();

        Assert.Equal(5, options.Mixing.Temperature);
        Assert.Equal(
            new Dictionary<string, double> { ["parallel"] = 2, ["fr"] = 0.5, ["en-fr"] = 3, ["code-switched"] = 0 }, options.Mixing.Weights);
    }

    [Theory]
    [InlineData("weights: { paralel: 2 }", "pretrain.weights: 'paralel' is neither a kind of entries (mono, parallel,", "did you mean 'parallel'?")]
    [InlineData("weights: { de: 2 }", "pretrain.weights: 'de' is neither", "nor one of `languages`")]
    [InlineData("weights: { en-en: 2 }", "pretrain.weights: 'en-en' is neither", "nor two of them as en-fr")]
    [InlineData("weights: { en: -1 }", "pretrain: the weight of 'en' is -1", "toy.yaml:")]
    [InlineData("weights: { en: much }", "pretrain.weights.en must be a number", "toy.yaml:")]
    [InlineData("temperature: 0.5", "pretrain.temperature is 0.5; it must be", "toy.yaml:")]
    public void A_mistake_is_named_with_its_line(string settings, params string[] parts)
    {
        var message = Assert.Throws<LlamaxException>(() => Load(settings)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private Recipe Load(string pretrain)
    {
        File.WriteAllText(folder.File("toy.yaml"), $$"""
            languages: [en, fr]
            data:
              base_text: { en: [text] }
              monolingual: { en: [text] }
              instructions: [text]
              test: { en: text, fr: text }
            base: { steps: 10 }
            pretrain: { steps: 10, {{pretrain}} }
            finetune: { epochs: 2 }
            """);
        return RecipeFile.Load(folder.File("toy.yaml"));
    }
}
