namespace Llamax.Translation.Translating;

/// <summary>What became of one text.</summary>
/// <param name="Source">The text as it was given.</param>
/// <param name="Pivot">The text in the language between, where the translation went through one.</param>
/// <param name="Hypotheses">Translations, best first; at least one.</param>
public sealed record TranslatedText(string Source, string? Pivot, IReadOnlyList<TranslationHypothesis> Hypotheses)
{
    /// <summary>The best translation.</summary>
    public string Text => Hypotheses[0].Text;

    /// <summary>What happened on the way, in its order.</summary>
    public IReadOnlyList<TranslationEvent> Events { get; init; } = [];
}
