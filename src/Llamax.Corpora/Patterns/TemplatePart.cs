namespace Llamax.Corpora.Patterns;

/// <summary>A literal, or a hole where <paramref name="Place"/> is not null.</summary>
/// <param name="Literal">Text that stands in every sentence; empty for a hole.</param>
/// <param name="Place">The slot with its number (<c>person</c>, <c>person#2</c>).</param>
/// <param name="Form">The form of the filler; empty is the default form.</param>
/// <param name="AgreesWith">The place whose filler's trait names the form, or null.</param>
/// <param name="Trait">That trait.</param>
internal sealed record TemplatePart(string Literal, string? Place, string Form, string? AgreesWith, string Trait);
