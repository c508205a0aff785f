using Llamax.Recipes.Yaml;
using Llamax.Text.Prompts;
using Llamax.Training;

namespace Llamax.Recipes.Schema;

/// <summary>The section <c>finetune</c>: instruction tuning on <c>data.instructions</c>.</summary>
public sealed record FinetuneSection
{
    /// <summary>Prompt template by name or file; evaluation asks with the same one.</summary>
    public string Template { get; init; } = PromptTemplate.DefaultName;

    /// <summary>How the model is trained.</summary>
    [SameLevel]
    public TrainingOptions Training { get; init; } = new();
}
