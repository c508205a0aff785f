using System.Text.RegularExpressions;

namespace Llamax.Corpora.Patterns;

/// <summary>
/// A sentence of one language with holes: <c>{slot}</c>, <c>{slot.form}</c>, <c>{slot#2.form}</c> for a second filler
/// of the same slot, and <c>{slot.&lt;other.trait&gt;}</c> for the form that a trait of another filler names.
/// </summary>
internal sealed partial record Template(IReadOnlyList<TemplatePart> Parts, SourceLine Source)
{
    public static Template Parse(string text, SourceLine at)
    {
        var parts = new List<TemplatePart>();
        var position = 0;
        foreach (Match hole in Hole().Matches(text))
        {
            parts.Add(new TemplatePart(Literal(position, hole.Index), null, "", null, ""));
            parts.Add(new TemplatePart("", hole.Groups["slot"].Value, hole.Groups["form"].Value,
                hole.Groups["other"].Success ? hole.Groups["other"].Value : null, hole.Groups["trait"].Value));
            position = hole.Index + hole.Length;
        }

        parts.Add(new TemplatePart(Literal(position, text.Length), null, "", null, ""));
        return new Template(parts, at);

        string Literal(int start, int end) => text[start..end].AsSpan().IndexOfAny("{}[]") < 0
            ? text[start..end]
            : throw at.Error($"'{text[start..end]}' is no hole; write {{slot}}, {{slot.form}}, {{slot#2.form}} or {{slot.<other.trait>}}");
    }

    [GeneratedRegex(@"\{(?<slot>[a-z]+(#[2-9])?)(\.((?<form>[a-z]+)|<(?<other>[a-z]+(#[2-9])?)\.(?<trait>[a-z]+)>))?\}",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();
}
