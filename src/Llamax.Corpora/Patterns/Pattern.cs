using Llamax.Text.Languages;

namespace Llamax.Corpora.Patterns;

/// <summary>A sentence pattern: one template per language over the same places.</summary>
/// <param name="Name">Its name, for messages and random streams.</param>
/// <param name="Weight">How often it is drawn, relative to the others.</param>
/// <param name="Places">Places (<c>person</c>, <c>person#2</c>) with their slots.</param>
/// <param name="Templates">By language code.</param>
/// <param name="Source">Where it is declared.</param>
internal sealed record Pattern(
    string Name,
    int Weight,
    IReadOnlyList<(string Place, Slot Slot)> Places,
    IReadOnlyDictionary<string, Template> Templates,
    SourceLine Source)
{
    /// <summary>How many ways there are to fill the places, those with the same filler twice included.</summary>
    public long Combinations => Places.Aggregate(1L, (product, place) => Math.Min(product * place.Slot.Fillers.Count, int.MaxValue));

    /// <summary>The fillers of combination <paramref name="number"/>, or null where one filler would stand in two places.</summary>
    public Filler[]? Fill(int number)
    {
        var fillers = new Filler[Places.Count];
        for (var i = 0; i < fillers.Length; i++)
        {
            var choices = Places[i].Slot.Fillers;
            fillers[i] = choices[number % choices.Count];
            number /= choices.Count;
        }

        return fillers.Distinct().Count() == fillers.Length ? fillers : null;
    }

    /// <summary>The sentence in one language.</summary>
    /// <param name="language">One of the world's.</param>
    /// <param name="fillers">From <see cref="Fill"/>.</param>
    public RenderedSentence Render(Language language, Filler[] fillers)
    {
        var template = Templates[language.Code];
        var text = new System.Text.StringBuilder();
        var words = new List<(Filler Filler, int Start, int Length)>();
        foreach (var part in template.Parts)
        {
            if (part.Place is null)
            {
                text.Append(part.Literal);
                continue;
            }

            var form = part.Form;
            if (part.AgreesWith is { } other)
            {
                var agreesWith = At(other);
                form = agreesWith.Trait(language.Code, part.Trait) ?? throw agreesWith.Source.Error(
                    $"'{agreesWith.Name}' has no trait '{language.Code}: {part.Trait} = …', which {Where(template)} needs");
            }

            var filler = At(part.Place);
            var marked = filler.Form(language.Code, form) ?? throw filler.Source.Error(
                $"'{filler.Name}' has no form '{language.Code}{(form.Length == 0 ? "" : "." + form)}', which {Where(template)} needs");
            if (marked.WordLength > 0)
            {
                words.Add((filler, text.Length + marked.WordStart, marked.WordLength));
            }

            text.Append(marked.Text);
        }

        return RenderedSentence.Create(language, text.ToString(), words);

        Filler At(string place) => fillers[Places.TakeWhile(candidate => candidate.Place != place).Count()];
        string Where(Template template) => $"pattern '{Name}' ({template.Source.File}:{template.Source.Line})";
    }
}
