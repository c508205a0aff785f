namespace Llamax.Reports;

/// <summary>A sentence and what the two systems made of it.</summary>
/// <param name="Source">Source language.</param>
/// <param name="Target">Target language.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Reference">Its reference translation.</param>
/// <param name="Before">The translation by <see cref="SystemPair.Before"/>.</param>
/// <param name="After">The translation by <see cref="SystemPair.After"/>.</param>
public sealed record SampleTranslation(
    string Source, string Target, string Text, string Reference, string Before, string After);
