namespace Llamax.Corpora.Patterns;

/// <summary>
/// A dictionary in MUSE's format (<c>source target</c>, one pair a line): the words that stand for the same filler in
/// the two sides of a sentence, in the forms in which they occur.
/// </summary>
internal static class PatternDictionary
{
    public static string Build(List<Meaning> training, string language)
    {
        var pairs = new SortedSet<(string English, string Other)>(Comparer<(string English, string Other)>.Create((a, b) =>
            string.CompareOrdinal(a.English, b.English) is not 0 and var order ? order : string.CompareOrdinal(a.Other, b.Other)));
        foreach (var meaning in training)
        {
            foreach (var (filler, english) in meaning.Sides["en"].Words)
            {
                foreach (var (_, other) in meaning.Sides[language].Words.Where(word => word.Filler == filler))
                {
                    pairs.Add((english, other));
                }
            }
        }

        return string.Concat(pairs.Select(pair => $"{pair.English} {pair.Other}\n"));
    }
}
