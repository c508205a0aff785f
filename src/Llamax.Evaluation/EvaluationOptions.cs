using System.ComponentModel.DataAnnotations;

namespace Llamax.Evaluation;

/// <summary>What is scored, and on how much.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Test sentences per direction, drawn once for all directions and systems; 0 takes all.</summary>
    [Range(0, 10_000_000)]
    public int Sentences { get; init; }

    /// <summary>Test sentences per language for bits per byte; 0 takes all.</summary>
    [Range(0, 10_000_000)]
    public int BitsPerByteSentences { get; init; }

    /// <summary>Consecutive test lines that make one document for bits per byte.</summary>
    [Range(1, 10_000)]
    public int BitsPerByteLines { get; init; } = 1;

    /// <summary>Directions to translate, by pattern: <c>en-fr</c>, <c>en-*</c>, <c>*-en</c>, <c>*-*</c>.</summary>
    public IReadOnlyList<string> Directions { get; init; } = ["*-*"];
}
