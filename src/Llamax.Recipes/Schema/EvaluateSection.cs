using Llamax.Evaluation;
using Llamax.Recipes.Yaml;
using Llamax.Translation.Generation;

namespace Llamax.Recipes.Schema;

/// <summary>The section <c>evaluate</c>.</summary>
public sealed record EvaluateSection
{
    /// <summary>What is scored, and on how much.</summary>
    [SameLevel]
    public EvaluationOptions Options { get; init; } = new();

    /// <summary>How translations are searched for.</summary>
    /// <remarks>One translation is scored per sentence, the likeliest, so the number of hypotheses and drawing are none of the recipe's keys.</remarks>
    [SameLevel(Except = [nameof(GenerationOptions.Hypotheses), nameof(GenerationOptions.Sampling)])]
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>SentencePiece model that spBLEU cuts text with; the run's own tokenizer where left out. The signature names it.</summary>
    [RelativePath]
    public string? SpbleuModel { get; init; }
}
