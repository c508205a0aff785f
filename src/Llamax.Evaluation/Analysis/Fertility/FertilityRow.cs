namespace Llamax.Evaluation.Analysis.Fertility;

/// <summary>How finely a tokenizer cuts a language.</summary>
public sealed record FertilityRow
{
    /// <summary>Name of the tokenizer.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>Code of the language.</summary>
    public required string Language { get; init; }

    /// <summary>English name of the language.</summary>
    public required string Name { get; init; }

    /// <summary>What tokens are divided by: <c>words</c> or <c>characters</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Lines with at least one unit; the others are left out.</summary>
    public required int Lines { get; init; }

    /// <summary>Tokens in those lines, without BOS and EOS.</summary>
    public required long Tokens { get; init; }

    /// <summary>Words or characters in those lines.</summary>
    public required long Units { get; init; }

    /// <summary>Mean over the lines of tokens per unit; this is the paper's fertility.</summary>
    public required double PerLine { get; init; }

    /// <summary>All tokens divided by all units.</summary>
    public required double PerCorpus { get; init; }
}
