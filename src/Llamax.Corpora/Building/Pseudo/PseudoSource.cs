using Llamax.Corpora.Building.Units;

namespace Llamax.Corpora.Building.Pseudo;

/// <summary>What pseudo-parallel data are made from.</summary>
public sealed record PseudoSource
{
    /// <summary>English text, a sentence each; what the monolingual text has too is left out.</summary>
    public required IReadOnlyList<WorkUnit> Units { get; init; }

    /// <summary>The languages that pairs are made of; English is the text's.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>Translates.</summary>
    public required SentenceTranslation Translate { get; init; }

    /// <summary>Sentences that are translated at once.</summary>
    public int BatchSentences { get; init; } = 64;

    /// <summary>
    /// A folder for the translations, which outlive the building: no sentence is translated twice. It belongs to one model
    /// and one way to decode.
    /// </summary>
    public required string Folder { get; init; }
}
