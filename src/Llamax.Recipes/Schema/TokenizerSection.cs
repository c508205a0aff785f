using Llamax.Recipes.Yaml;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Schema;

/// <summary>The section <c>tokenizer</c>: a file or folder, or how to train one on the texts of the run.</summary>
public sealed record TokenizerSection
{
    /// <summary>A tokenizer: a SentencePiece model, tokenizer.json, tiktoken file, or a folder that holds one; null to train one.</summary>
    [RelativePath]
    public string? Path { get; init; }

    /// <summary>How a tokenizer is trained on the texts of the run, prompts included.</summary>
    [SameLevel]
    public BpeTrainerOptions Training { get; init; } = new();
}
