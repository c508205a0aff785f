using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Training;

namespace Llamax.Text.Tests.Tokenizers.Training;

/// <summary>
/// The training of a unigram model written down plainly, on strings and dictionaries: all substrings are counted, every
/// word is cut in all ways. For small corpora.
/// </summary>
/// <param name="sentences">Spaces are written ▁, one before each word.</param>
/// <param name="characters">The alphabet, the most frequent first.</param>
/// <param name="options">How to learn.</param>
internal sealed class SlowUnigramLearner(string[] sentences, IReadOnlyList<(int Character, long Count)> characters, UnigramTrainerOptions options)
{
    private const double FixedPoint = 1 << 24;

    private List<(string Text, float Score)> pieces = [];
    private Dictionary<string, int> idOf = [];

    private IEnumerable<(string Text, int Count)> Words => sentences.SelectMany(sentence => sentence.Split('▁')[1..])
        .CountBy(word => word).Select(pair => ("▁" + pair.Key, pair.Value));

    private float UnknownScore => pieces.Min(piece => piece.Score) - 10;

    /// <summary>The number of pieces after each step, and in the end the pieces.</summary>
    public (List<int> Sizes, List<(string Text, float Score)> Pieces) Learn(int count)
    {
        Use(Seeds());
        var sizes = new List<int> { pieces.Count };
        var enough = (int)(options.VocabularySize * 1.1);
        while (true)
        {
            for (var step = 0; step < options.SubIterations; step++)
            {
                Use(Maximised(Expected()));
                sizes.Add(pieces.Count);
            }

            if (pieces.Count <= enough)
            {
                return (sizes, Final(count));
            }

            Use(Pruned(Math.Max(enough, (int)((float)options.ShrinkingFactor * pieces.Count))));
        }
    }

    private void Use(IEnumerable<(string Text, float Score)> next)
    {
        pieces = [.. next];
        idOf = pieces.Select((piece, id) => (piece.Text, id)).ToDictionary(pair => pair.Text, pair => pair.id);
    }

    private List<(string, float)> Seeds()
    {
        var rules = new PieceRules(options, [.. characters.Select(pair => pair.Character)]);
        int[] Symbols(string text) => [.. text.Select(character => characters.ToList().FindIndex(pair => pair.Character == character))];
        var found = new Dictionary<string, (int Count, HashSet<char> Next)>();
        foreach (var sentence in sentences)
        {
            for (var from = 0; from < sentence.Length; from++)
            {
                for (var to = from + 2; to <= sentence.Length && to <= from + options.MaxPieceLength; to++)
                {
                    var text = sentence[from..to];
                    var (seen, next) = found.GetValueOrDefault(text, (0, []));
                    next.Add(to < sentence.Length ? sentence[to] : '\0');
                    found[text] = (seen + 1, next);
                }
            }
        }

        var longer = found.Where(pair => pair.Value.Next.Count > 1 && Symbols(pair.Key) is var symbols && !symbols.Contains(-1) && rules.Allow(symbols))
            .Select(pair => (Text: pair.Key, Covered: pair.Value.Count * pair.Key.Length))
            .OrderByDescending(pair => pair.Covered).ThenBy(pair => pair.Text, Comparer<string>.Create(LongerFirst)).Take(options.SeedPieces);
        var all = characters.Select(pair => (Text: ((char)pair.Character).ToString(), Covered: (int)pair.Count)).Concat(longer).ToList();
        var total = (float)Math.Log(all.Sum(pair => pair.Covered));
        return [.. all.Select(pair => (pair.Text, (float)(Math.Log(pair.Covered) - total)))];
    }

    /// <summary>By code point, but a string comes before those that it begins with.</summary>
    private static int LongerFirst(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal)
            ? other.Length.CompareTo(one.Length)
            : string.CompareOrdinal(one, other);

    /// <summary>All pieces within a text, by their beginnings, the longest first.</summary>
    private List<(int From, int To, int Id, float Score)> Arcs(string text)
    {
        var arcs = new List<(int, int, int, float)>();
        for (var from = 0; from < text.Length; from++)
        {
            for (var to = text.Length; to > from; to--)
            {
                if (idOf.TryGetValue(text[from..to], out var id))
                {
                    arcs.Add((from, to, id, pieces[id].Score));
                }
                else if (to == from + 1)
                {
                    arcs.Add((from, to, 0, UnknownScore));
                }
            }
        }

        return arcs;
    }

    private double[] Expected()
    {
        var expected = new double[pieces.Count];
        foreach (var (word, count) in Words)
        {
            var arcs = Arcs(word);
            var (forward, backward) = (new double[word.Length + 1], new double[word.Length + 1]);
            (forward[0], backward[^1]) = (1, 1);
            arcs.ForEach(arc => forward[arc.To] += forward[arc.From] * Math.Exp(arc.Score));
            arcs.AsEnumerable().Reverse().OrderByDescending(arc => arc.From).ToList().ForEach(arc => backward[arc.From] += backward[arc.To] * Math.Exp(arc.Score));
            foreach (var (from, to, id, score) in arcs)
            {
                expected[id] += Math.Floor((forward[from] * Math.Exp(score) * backward[to] / forward[^1] * count * FixedPoint) + 0.5) / FixedPoint;
            }
        }

        return expected;
    }

    private List<(string, float)> Maximised(double[] expected)
    {
        var kept = pieces.Zip(expected).Where(pair => (float)pair.Second >= 0.5F).Select(pair => (pair.First.Text, Frequency: (float)pair.Second)).ToList();
        var total = (float)Digamma(kept.Sum(pair => (double)pair.Frequency));
        return [.. kept.Select(pair => (pair.Text, (float)(Digamma(pair.Frequency) - total)))];
    }

    private List<int> Best(string text, int without, out float score)
    {
        var (best, way) = (new float[text.Length + 1], new (int From, int Id)[text.Length + 1]);
        best.AsSpan(1).Fill(float.NegativeInfinity);
        foreach (var (from, to, id, own) in Arcs(text))
        {
            if (best[from] + own > best[to] && (id != without || to != text.Length))
            {
                (best[to], way[to]) = (best[from] + own, (from, id));
            }
        }

        score = best[^1];
        var ids = new List<int>();
        for (var end = text.Length; end > 0; end = way[end].From)
        {
            ids.Add(way[end].Id);
        }

        return ids;
    }

    private List<(string, float)> Pruned(int size)
    {
        var frequency = new double[pieces.Count];
        foreach (var (word, count) in Words)
        {
            Best(word, -1, out _).ForEach(id => frequency[id] += count);
        }

        var (all, total) = ((float)frequency.Sum(), (float)Math.Log((float)frequency.Sum()));
        var (kept, candidates) = (new List<int>(), new List<(int Id, float Loss)>());
        for (var id = 0; id < pieces.Count; id++)
        {
            var own = (float)frequency[id];
            if (own == 0)
            {
                continue;
            }

            if (pieces[id].Text.Length == 1)
            {
                kept.Add(id);
                continue;
            }

            var others = Best(pieces[id].Text, id, out var score);
            if (score <= pieces[id].Score)
            {
                var newTotal = (float)Math.Log(all + (own * (pieces.Count - 1)));
                var without = 0F;
                others.ForEach(other => without = (float)(without + (Math.Log((float)frequency[other] + own) - newTotal)));
                candidates.Add((id, own / all * ((float)(Math.Log(own) - total) - without)));
            }
        }

        return [.. kept.Concat(candidates.OrderByDescending(pair => pair.Loss).Select(pair => pair.Id)).Take(Math.Max(size, kept.Count)).Select(id => pieces[id])];
    }

    private List<(string, float)> Final(int count)
    {
        var dropped = characters.Select(pair => ((char)pair.Character).ToString()).Where(text => !idOf.ContainsKey(text)).ToList();
        var score = pieces.Min(piece => piece.Score);
        List<(string Text, float Score)> singles = [.. pieces.Where(piece => piece.Text.Length == 1)];
        foreach (var text in dropped)
        {
            singles.Add((text, score));
            score += 0.0001F;
        }

        var longer = pieces.Where(piece => piece.Text.Length > 1)
            .OrderByDescending(piece => piece.Score).ThenBy(piece => piece.Text, StringComparer.Ordinal).Take(count - singles.Count);
        return [.. singles.Concat(longer).OrderByDescending(piece => piece.Score).ThenBy(piece => piece.Text, StringComparer.Ordinal)];
    }

    /// <summary>By its definition: the derivative of the logarithm of the gamma function, whose series converges slowly but surely.</summary>
    private static double Digamma(double x)
    {
        var result = 0.0;
        for (; x < 1000; x++)
        {
            result -= 1 / x;
        }

        return result + Math.Log(x) - (1 / (2 * x)) - (1 / (12 * x * x));
    }
}
