using Llamax.Models;
using Llamax.Text.Languages;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;
using Llamax.Translation.Generation;

namespace Llamax.Evaluation.Matrix;

/// <summary>An instruction-tuned model that is asked for translations.</summary>
/// <param name="name">The name that scores and files carry.</param>
/// <param name="model">The model; it stays the caller's.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">How it is asked.</param>
/// <param name="options">How it searches for output.</param>
public sealed class ModelSystem(string name, CausalLanguageModel model, Tokenizer tokenizer, PromptTemplate template, GenerationOptions options)
    : ITranslationSystem
{
    private readonly BeamSearch search = new(model);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="LlamaxException">A language is unknown, or a sentence leaves no room in the model's positions.</exception>
    public IReadOnlyList<string> Translate(IReadOnlyList<TranslationTask> tasks, CancellationToken cancellationToken)
    {
        var prompts = tasks.Select(task => PromptEncoder.EncodeTranslation(
            template, PromptName(task.Source), PromptName(task.Target), task.Text, tokenizer)).ToList();
        return [.. search.Generate(prompts, options, cancellationToken)
            .Select(hypotheses => tokenizer.Decode([.. hypotheses[0].Ids]).ReplaceLineEndings(" ").Trim())];
    }

    private static string PromptName(string code) => LanguageRegistry.Default.Get(code).PromptName;
}
