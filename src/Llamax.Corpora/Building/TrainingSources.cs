using Llamax.Corpora.Building.Pseudo;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Readers;
using Llamax.Text.Prompts;

namespace Llamax.Corpora.Building;

/// <summary>What a training set is made from.</summary>
public sealed record TrainingSources
{
    /// <summary>Texts, sentence pairs and multi-way sets, in any order.</summary>
    public IReadOnlyList<WorkUnit> Units { get; init; } = [];

    /// <summary>English text and who translates it, for languages with few pairs; null for no pseudo-parallel data.</summary>
    public PseudoSource? Pseudo { get; init; }

    /// <summary>Instruction files in Alpaca format.</summary>
    public IReadOnlyList<TextFile> Instructions { get; init; } = [];

    /// <summary>How prompts are worded; needed where there are instructions.</summary>
    public PromptTemplate? Template { get; init; }

    /// <summary>Test sets that are kept out; null for none.</summary>
    public BenchmarkIndex? Benchmarks { get; init; }

    /// <summary>Identifies languages; needed for <see cref="CleaningOptions.WrongLanguage"/>.</summary>
    public LanguageLabel? Label { get; init; }

    /// <summary>What was left out before, for the manifest: lines of dictionaries that are no entries.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);
}
