using Llamax.Evaluation.Results;

namespace Llamax.Reports;

/// <summary>Everything that a report shows. A part that is empty is left out of the page.</summary>
public sealed record ReportData
{
    /// <summary>What was run, for example the recipe's name.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence under the title; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>The two systems whose translations are compared.</summary>
    public SystemPair Translation { get; init; } = new("base-alpaca", "llamax-alpaca");

    /// <summary>The two models whose bits per byte are compared.</summary>
    public SystemPair Likelihood { get; init; } = new("base", "llamax");

    /// <summary>The languages in the order in which they are shown.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>The scores; those of other systems and languages are not shown.</summary>
    public IReadOnlyList<ScoreRecord> Scores { get; init; } = [];

    /// <summary>How the losses fell.</summary>
    public IReadOnlyList<LearningCurve> Curves { get; init; } = [];

    /// <summary>A handful of translations.</summary>
    public IReadOnlyList<SampleTranslation> Samples { get; init; } = [];

    /// <summary>The stages of the run in order, with their times.</summary>
    public IReadOnlyList<RunStage> Stages { get; init; } = [];

    /// <summary>Settings, versions, machine; shown by group, in this order.</summary>
    public IReadOnlyList<RunFact> Facts { get; init; } = [];
}
