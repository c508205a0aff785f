namespace Llamax.Corpora.Patterns;

/// <summary>The sentences that training must never show, and the words that it must.</summary>
internal sealed class HeldOutSentences(IReadOnlyList<string> languages)
{
    private readonly List<Meaning> meanings = [];

    /// <summary>Keeps a meaning out of training, unless one of its sides is held out already.</summary>
    public bool TryAdd(Meaning meaning)
    {
        if (!AllowsAllSides(meaning))
        {
            return false;
        }

        meanings.Add(meaning);
        return true;
    }

    /// <summary>Whether no held-out sentence stands in any side.</summary>
    public bool AllowsAllSides(Meaning meaning) => languages.All(language => Allows(meaning, language));

    /// <summary>Whether no held-out sentence stands in the side of that language.</summary>
    public bool Allows(Meaning meaning, string language)
    {
        var text = meaning.Text(language);
        return !meanings.Exists(heldOut => text.Contains(heldOut.Text(language), StringComparison.Ordinal));
    }

    /// <summary>Holds that a translation can be learnt: the training text uses every word of the held-out text.</summary>
    /// <exception cref="LlamaxException">It does not.</exception>
    public void CheckWordsOccurIn(List<Meaning> training)
    {
        foreach (var language in languages)
        {
            var known = training.SelectMany(meaning => meaning.Sides[language].Words).Select(word => word.Word).ToHashSet(StringComparer.Ordinal);
            foreach (var (_, word) in meanings.SelectMany(meaning => meaning.Sides[language].Words))
            {
                if (!known.Contains(word))
                {
                    throw new LlamaxException($"The held-out text uses '{word}' ({language}), which {training.Count:N0} training sentences do not show; ask for more training sentences.");
                }
            }
        }
    }
}
