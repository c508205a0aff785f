namespace Llamax.Corpora.Patterns;

/// <summary>
/// One meaning with its text in every language. A language may list several forms (cases, numbers, infinitives): the
/// templates name the one that they need. Nothing is derived by rule.
/// </summary>
internal sealed class Filler(string name, SourceLine source)
{
    private readonly Dictionary<(string Language, string Form), MarkedText> forms = [];
    private readonly Dictionary<(string Language, string Trait), string> traits = [];

    /// <summary>The form that a template gets which names none.</summary>
    public const string DefaultForm = "";

    public string Name { get; } = name;

    public SourceLine Source { get; } = source;

    public void Add(string language, string form, MarkedText text, SourceLine at)
    {
        if (!forms.TryAdd((language, form), text))
        {
            throw at.Error($"the form '{language}.{form}' of '{Name}' is listed twice; remove one");
        }
    }

    public void AddTrait(string language, string trait, string value, SourceLine at)
    {
        if (!traits.TryAdd((language, trait), value))
        {
            throw at.Error($"the trait '{language}.{trait}' of '{Name}' is listed twice; remove one");
        }
    }

    public bool Speaks(string language) => forms.Keys.Any(key => key.Language == language);

    public MarkedText? Form(string language, string form) => forms.GetValueOrDefault((language, form));

    public string? Trait(string language, string trait) => traits.GetValueOrDefault((language, trait));
}
