using System.Text;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Finds the merges of a byte-pair encoding: again and again the most frequent pair of neighbours becomes one symbol;
/// among equally frequent ones the shorter, then the one first in code point order. Counts are kept up to date at the
/// places that a merge touches, so the work grows with the number of merges done in the words, not with merges × words.
/// </summary>
internal sealed class MergeLearner
{
    private const int Outside = -1; // A character that is not in the alphabet: takes part in no pair.
    private const int Merged = -2;

    private readonly PieceRules rules;
    private readonly List<int[]> symbols = []; // Code points by symbol.

    // All words behind each other; neighbours are linked, and -1 ends a word.
    private readonly List<int> symbolAt = [];
    private readonly List<int> previous = [];
    private readonly List<int> next = [];
    private readonly List<long> weight = [];

    private readonly Dictionary<(int Left, int Right), Pair?> pairs = []; // Null: the rules forbid it.
    private readonly PriorityQueue<Pair, (long Count, Pair Pair)> queue = new(Comparer<(long Count, Pair Pair)>.Create(Order));
    private readonly List<Pair> fresh = [];

    // The same string can come from different pairs; only the first of them is merged, as in SentencePiece.
    private readonly HashSet<string> texts = [];

    /// <summary>Lays out the words and counts their pairs.</summary>
    /// <param name="words">Words with their counts.</param>
    /// <param name="alphabet">The characters that take part.</param>
    /// <param name="rules">Which pieces may be made.</param>
    public MergeLearner(IEnumerable<KeyValuePair<string, long>> words, IReadOnlyList<int> alphabet, PieceRules rules)
    {
        this.rules = rules;
        symbols.AddRange(alphabet.Select(character => new[] { character }));
        var symbolOf = alphabet.Select((character, symbol) => (character, symbol)).ToDictionary();
        foreach (var (word, count) in words)
        {
            var first = symbolAt.Count;
            foreach (var rune in word.EnumerateRunes())
            {
                previous.Add(symbolAt.Count > first ? symbolAt.Count - 1 : -1);
                next.Add(symbolAt.Count + 1);
                symbolAt.Add(symbolOf.GetValueOrDefault(rune.Value, Outside));
                weight.Add(count);
            }

            next[^1] = -1;
        }

        for (var place = 0; place < symbolAt.Count; place++)
        {
            Join(place, next[place]);
        }

        Enqueue();
    }

    /// <summary>The next merge as a string, or null where no pair is left.</summary>
    public string? Next()
    {
        while (queue.TryDequeue(out var pair, out var priority))
        {
            var count = Merges(pair);
            if (count != priority.Count)
            {
                if (count > 0)
                {
                    queue.Enqueue(pair, (count, pair)); // It has become rarer since it was queued.
                }
            }
            else if (texts.Add(pair.Text))
            {
                Accept(pair);
                Enqueue();
                return pair.Text;
            }
        }

        return null;
    }

    private void Accept(Pair pair)
    {
        var symbol = symbols.Count;
        symbols.Add([.. symbols[pair.Left], .. symbols[pair.Right]]);
        foreach (var place in pair.Places)
        {
            var right = next[place];
            if (symbolAt[place] != pair.Left || right < 0 || symbolAt[right] != pair.Right)
            {
                continue; // Another merge took one of the two, or this one did: in aaa, aa is merged once.
            }

            var (before, after) = (previous[place], next[right]);
            Part(before, place);
            Part(right, after);
            symbolAt[place] = symbol;
            symbolAt[right] = Merged;
            next[place] = after;
            if (after >= 0)
            {
                previous[after] = place;
            }

            Join(before, place);
            Join(place, after);
        }

        pair.Places = [];
    }

    /// <summary>Counts two symbols that have become neighbours.</summary>
    private void Join(int left, int right)
    {
        if (left < 0 || right < 0 || symbolAt[left] < 0 || symbolAt[right] < 0)
        {
            return;
        }

        var key = (symbolAt[left], symbolAt[right]);
        if (!pairs.TryGetValue(key, out var pair))
        {
            int[] codePoints = [.. symbols[key.Item1], .. symbols[key.Item2]];
            pair = rules.Allow(codePoints) ? new Pair(key.Item1, key.Item2, codePoints) : null;
            pairs.Add(key, pair);
            if (pair is not null)
            {
                fresh.Add(pair);
            }
        }

        if (pair is not null)
        {
            pair.Count += weight[left];
            pair.Places.Add(left);
        }
    }

    /// <summary>Stops counting two neighbours of which one is about to be merged.</summary>
    private void Part(int left, int right)
    {
        if (left >= 0 && right >= 0 && pairs.GetValueOrDefault((symbolAt[left], symbolAt[right])) is { } pair)
        {
            pair.Count -= weight[left];
        }
    }

    private void Enqueue()
    {
        foreach (var pair in fresh)
        {
            var count = Merges(pair);
            if (count > 0)
            {
                queue.Enqueue(pair, (count, pair));
            }
        }

        fresh.Clear();
    }

    /// <summary>How many merges a pair would bring: in aaa, aa stands twice but is merged once.</summary>
    private long Merges(Pair pair)
    {
        if (pair.Left != pair.Right)
        {
            return pair.Count;
        }

        var (count, taken) = (0L, -1);
        foreach (var place in pair.Places)
        {
            var right = next[place];
            if (place != taken && symbolAt[place] == pair.Left && right >= 0 && symbolAt[right] == pair.Right)
            {
                count += weight[place];
                taken = right;
            }
        }

        return count;
    }

    private static int Order((long Count, Pair Pair) a, (long Count, Pair Pair) b) =>
        a.Count != b.Count ? b.Count.CompareTo(a.Count)
        : a.Pair.Length != b.Pair.Length ? a.Pair.Length.CompareTo(b.Pair.Length)
        : a.Pair.Utf8.AsSpan().SequenceCompareTo(b.Pair.Utf8);

    private sealed class Pair(int left, int right, int[] codePoints)
    {
        public int Left => left;

        public int Right => right;

        /// <summary>In characters.</summary>
        public int Length { get; } = codePoints.Length;

        /// <summary>Its bytes sort in code point order.</summary>
        public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(string.Concat(codePoints.Select(char.ConvertFromUtf32)));

        public string Text => Encoding.UTF8.GetString(Utf8);

        /// <summary>How often the two stand side by side now.</summary>
        public long Count { get; set; }

        /// <summary>Where the left one stood when they became neighbours, ascending.</summary>
        public List<int> Places { get; set; } = [];
    }
}
