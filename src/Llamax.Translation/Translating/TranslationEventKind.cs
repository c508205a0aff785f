namespace Llamax.Translation.Translating;

/// <summary>Kinds of <see cref="TranslationEvent"/>.</summary>
public enum TranslationEventKind
{
    /// <summary>The text has no letters, so it is its own translation.</summary>
    PassedThrough,

    /// <summary>The text was translated in several parts.</summary>
    Split,

    /// <summary>A sentence did not fit into the model and was cut where it could best be cut.</summary>
    Cut,

    /// <summary>The output reached the greatest length before it ended.</summary>
    AtLimit,

    /// <summary>The output went round in circles and was found anew without repetitions.</summary>
    LoopRepaired,

    /// <summary>The output goes round in circles.</summary>
    LoopRemains,

    /// <summary>The best hypothesis was in another language; a later one took its place.</summary>
    LanguageChosen,

    /// <summary>No hypothesis is in the wanted language.</summary>
    WrongLanguage,
}
