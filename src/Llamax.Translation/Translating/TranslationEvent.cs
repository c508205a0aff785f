namespace Llamax.Translation.Translating;

/// <summary>Something that a reader of a translation should know of how it came about.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Detail">In words, with numbers.</param>
public sealed record TranslationEvent(TranslationEventKind Kind, string Detail);
