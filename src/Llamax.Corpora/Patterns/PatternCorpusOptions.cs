using System.ComponentModel.DataAnnotations;

namespace Llamax.Corpora.Patterns;

/// <summary>How much to generate from a pattern world.</summary>
public sealed record PatternCorpusOptions
{
    /// <summary>The seed of every draw.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Sentences of the parallel training text.</summary>
    [Range(1, 1_000_000)]
    public int Train { get; init; } = 6000;

    /// <summary>Held-out sentences for the test.</summary>
    [Range(1, 100_000)]
    public int Test { get; init; } = 250;

    /// <summary>Held-out sentences for development.</summary>
    [Range(0, 100_000)]
    public int Dev { get; init; } = 100;

    /// <summary>Sentences of English monolingual text.</summary>
    [Range(0, 1_000_000)]
    public int EnglishMonolingual { get; init; } = 10_000;

    /// <summary>Sentences of monolingual text of each other language.</summary>
    [Range(0, 1_000_000)]
    public int OtherMonolingual { get; init; } = 3000;

    /// <summary>Sentences in a line (a document) of monolingual text.</summary>
    [Range(1, 1000)]
    public int SentencesPerDocument { get; init; } = 4;

    /// <summary>Translation instructions in each direction.</summary>
    [Range(0, 100_000)]
    public int Instructions { get; init; } = 300;

    /// <summary>Instructions of other kinds, in English.</summary>
    [Range(0, 100_000)]
    public int GeneralInstructions { get; init; } = 600;
}
