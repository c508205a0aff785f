namespace Llamax.Corpora.Patterns;

/// <summary>Holds that every sentence of a world can be said: every form and trait that a template may ask for is listed.</summary>
internal static class PatternCheck
{
    /// <summary>More sentences than this are refused: a world is small by design, and all of them are enumerated.</summary>
    public const int MaximalCombinations = 2_000_000;

    public static void Run(PatternWorld world)
    {
        foreach (var filler in world.Slots.SelectMany(slot => slot.Fillers).Distinct())
        {
            if (world.Languages.FirstOrDefault(language => !filler.Speaks(language.Code)) is { } missing)
            {
                throw filler.Source.Error($"'{filler.Name}' has no line for '{missing.Code}'");
            }
        }

        var combinations = 0L;
        foreach (var pattern in world.Patterns)
        {
            combinations += pattern.Combinations;
            if (combinations > MaximalCombinations)
            {
                throw pattern.Source.Error($"the world says more than {MaximalCombinations:N0} sentences from here on; shorten the slots of this pattern");
            }

            for (var number = 0; number < pattern.Combinations; number++)
            {
                if (pattern.Fill(number) is { } fillers)
                {
                    foreach (var language in world.Languages)
                    {
                        pattern.Render(language, fillers);
                    }
                }
            }
        }

        if (world.Patterns.Count == 0)
        {
            throw new LlamaxException("The files declare no pattern; write a block 'pattern NAME' with one line per language.");
        }
    }
}
