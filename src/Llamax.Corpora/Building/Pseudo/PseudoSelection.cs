using Llamax.Corpora.Building.Selection;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Building.Pseudo;

/// <summary>
/// Which English sentences are translated for which pair: for each scarce language s the sentences with the lowest hashes
/// under s, as many as it lacks, spread evenly over the languages that it has the fewest pairs with.
/// </summary>
/// <param name="languages">The languages of the run.</param>
/// <param name="below">What a language's pairs are filled up to.</param>
/// <param name="seed">The run's seed.</param>
internal sealed class PseudoSelection(IReadOnlyList<string> languages, long below, long seed)
{
    private readonly string[] sorted = [.. languages.Order(StringComparer.Ordinal)];

    /// <summary>Chooses.</summary>
    /// <param name="pairCounts">By the two codes in alphabetical order, how many sentence pairs there are.</param>
    /// <param name="sentences">The keys of the English sentences, each once, and their units.</param>
    /// <returns>By unit and place the pairs that a sentence is translated for; and by language how many sentences are missing.</returns>
    public (IReadOnlyDictionary<(int Unit, long Place), List<string>> Chosen, IReadOnlyDictionary<string, long> Missing) Choose(
        IReadOnlyDictionary<string, long> pairCounts, IEnumerable<(RecordKey Key, int Unit)> sentences)
    {
        var needs = sorted.Select(language => (Language: language, Need: below - pairCounts
                .Where(pair => pair.Key.Split('-').Contains(language)).Sum(pair => pair.Value)))
            .Where(each => each.Need > 0)
            .Select(each => new Need(each.Language, each.Need, new RandomStream(seed, "pseudo", each.Language).NextUInt64())).ToList();
        foreach (var (key, unit) in sentences)
        {
            needs.ForEach(need => need.Offer(key, unit));
        }

        var chosen = new Dictionary<(int Unit, long Place), List<string>>();
        var missing = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var need in needs)
        {
            var lines = need.Taken();
            if (lines.Count < need.Count)
            {
                missing[need.Language] = need.Count - lines.Count;
            }

            string[] pairs = [.. sorted.Where(other => other != need.Language)
                .Select(other => string.CompareOrdinal(need.Language, other) < 0 ? $"{need.Language}-{other}" : $"{other}-{need.Language}")];
            var shares = WaterFilling.Spread([.. pairs.Select(pair => pairCounts.GetValueOrDefault(pair))], lines.Count);
            var next = 0;
            for (var partner = 0; partner < pairs.Length; partner++)
            {
                for (var i = 0; i < shares[partner]; i++, next++)
                {
                    if (!chosen.TryGetValue(lines[next], out var wanted))
                    {
                        chosen.Add(lines[next], wanted = []);
                    }

                    if (!wanted.Contains(pairs[partner]))
                    {
                        wanted.Add(pairs[partner]);
                    }
                }
            }
        }

        return (chosen, missing);
    }

    /// <summary>What a language lacks, and the best sentences for it so far.</summary>
    private sealed class Need(string language, long count, ulong key)
    {
        private readonly PriorityQueue<(int Unit, long Place), (ulong Rank, UInt128 Hash)> lowest =
            new(Comparer<(ulong Rank, UInt128 Hash)>.Create((a, b) => b.CompareTo(a))); // The highest at the head, which makes way.

        public string Language => language;

        public long Count => count;

        public void Offer(RecordKey sentence, int unit)
        {
            var rank = (new ContentDraws(sentence.Hash, key).Next(), sentence.Hash);
            if (lowest.Count < count)
            {
                lowest.Enqueue((unit, sentence.Index), rank);
            }
            else if (lowest.TryPeek(out _, out var highest) && rank.CompareTo(highest) < 0)
            {
                lowest.DequeueEnqueue((unit, sentence.Index), rank);
            }
        }

        /// <summary>The sentences, lowest first.</summary>
        public List<(int Unit, long Place)> Taken() =>
            [.. lowest.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element)];
    }
}
