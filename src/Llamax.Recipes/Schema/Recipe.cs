using System.ComponentModel.DataAnnotations;
using Llamax.Recipes.Yaml;
using Llamax.Training;

namespace Llamax.Recipes.Schema;

/// <summary>Everything that a run is made from. The keys of a recipe file are the properties in snake_case.</summary>
public sealed record Recipe
{
    /// <summary>Name of the run and of its folder under <c>runs</c>; the file's name where left out.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where every random draw of the run comes from.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Threads for computing; 0 takes all cores.</summary>
    [Range(0, 4096)]
    public int Threads { get; init; }

    /// <summary>The languages of the run; every corpus belongs to one of them.</summary>
    [Required]
    [LanguageCodes]
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Where the texts are, and how training data are made of them.</summary>
    [Required]
    public DataSection Data { get; init; } = new();

    /// <summary>The tokenizer, trained or taken from a file.</summary>
    public TokenizerSection Tokenizer { get; init; } = new();

    /// <summary>The model, fresh or taken from a folder.</summary>
    public ModelSection Model { get; init; } = new();

    /// <summary>Training of a fresh model on <c>data.base_text</c>; left out where <c>model.path</c> names one.</summary>
    public TrainingOptions? Base { get; init; }

    /// <summary>Continual pre-training on the data of Algorithm 1.</summary>
    [Required]
    public TrainingOptions Pretrain { get; init; } = new();

    /// <summary>Instruction tuning, the same for the base model and for the continually pre-trained one.</summary>
    [Required]
    public FinetuneSection Finetune { get; init; } = new();

    /// <summary>What is translated and scored, and how.</summary>
    public EvaluateSection Evaluate { get; init; } = new();
}
