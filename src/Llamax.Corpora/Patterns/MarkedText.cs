namespace Llamax.Corpora.Patterns;

/// <summary>
/// A form of a filler: text in which square brackets mark the word that carries the meaning, as in <c>the [dog]</c>.
/// The mark is not part of the text; the dictionary is made from it.
/// </summary>
internal sealed record MarkedText(string Text, int WordStart, int WordLength)
{
    public static MarkedText Parse(string raw, SourceLine at)
    {
        var open = raw.IndexOf('[');
        var close = raw.IndexOf(']');
        if (open < 0 && close < 0)
        {
            return new MarkedText(raw, 0, 0);
        }

        if (open < 0 || close < open + 2 || raw.LastIndexOf('[') != open || raw.LastIndexOf(']') != close)
        {
            throw at.Error($"'{raw}' must mark one word with one pair of brackets, as in 'the [dog]'");
        }

        var word = raw[(open + 1)..close];
        return word.Any(char.IsWhiteSpace)
            ? throw at.Error($"the word marked in '{raw}' must not contain a space; mark its main word alone")
            : new MarkedText(raw[..open] + word + raw[(close + 1)..], open, word.Length);
    }
}
