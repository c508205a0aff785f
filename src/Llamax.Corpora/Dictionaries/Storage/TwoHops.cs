namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>Which ways over two hops count: a bounded number, the same each time.</summary>
internal static class TwoHops
{
    /// <summary>
    /// The translations that a word is gone on from: the first into each language, then the second into each, until there
    /// are enough.
    /// </summary>
    /// <param name="store">The lexicon.</param>
    /// <param name="record">Where the word's record stands.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="steps">Receives them.</param>
    public static void Steps(LexiconStore store, long record, int most, List<LexiconStep> steps)
    {
        var word = store.At(record);
        var taken = -1;
        for (var round = 0; steps.Count < most && steps.Count > taken; round++)
        {
            taken = steps.Count;
            for (var group = 0; group < word.Groups && steps.Count < most; group++)
            {
                var (first, count) = word.Range(group);
                if (round < count)
                {
                    steps.Add(new LexiconStep(word.Language(group), word.Entry(first + round)));
                }
            }
        }
    }

    /// <summary>Calls with each translation of a word and its language, the first ones of each language.</summary>
    public static void Enumerate(LexiconStore store, long record, long most, Action<int, LexiconEntry> add)
    {
        var word = store.At(record);
        for (var group = 0; group < word.Groups; group++)
        {
            var (first, count) = word.Range(group);
            for (var i = 0L; i < Math.Min(count, most); i++)
            {
                add(word.Language(group), word.Entry(first + i));
            }
        }
    }
}
