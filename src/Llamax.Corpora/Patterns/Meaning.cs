namespace Llamax.Corpora.Patterns;

/// <summary>One thing that the world can say, in every language.</summary>
internal sealed record Meaning(
    Pattern Pattern, IReadOnlyList<Filler> Fillers, IReadOnlyDictionary<string, RenderedSentence> Sides)
{
    public string Text(string language) => Sides[language].Text;
}
