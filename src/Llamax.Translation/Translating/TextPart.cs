namespace Llamax.Translation.Translating;

/// <summary>A part of a text.</summary>
/// <param name="Text">What is translated, or stays as it is where it has no letters.</param>
/// <param name="Gap">The white space behind it.</param>
/// <param name="Cut">Whether it is a part of a sentence that did not fit.</param>
internal sealed record TextPart(string Text, string Gap, bool Cut);
