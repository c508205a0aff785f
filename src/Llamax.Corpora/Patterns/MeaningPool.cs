using Llamax.Text.Randomness;

namespace Llamax.Corpora.Patterns;

/// <summary>
/// Meanings that are still to be drawn, each once. Patterns are drawn by their weights, so that a pattern with few
/// combinations is heard beside one with many.
/// </summary>
internal sealed class MeaningPool
{
    private readonly PatternWorld world;
    private readonly List<(Pattern Pattern, Queue<int> Numbers)> patterns;

    private MeaningPool(PatternWorld world, List<(Pattern, Queue<int>)> patterns) => (this.world, this.patterns) = (world, patterns);

    /// <summary>
    /// Parts of the world that share no meaning. Each pattern is cut by itself, so every part knows every pattern that
    /// has enough combinations.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="shares">The share of each part; together 1.</param>
    public static MeaningPool[] Cut(PatternWorld world, long seed, params double[] shares)
    {
        var pools = shares.Select(_ => new MeaningPool(world, [])).ToArray();
        foreach (var pattern in world.Patterns)
        {
            var numbers = Enumerable.Range(0, (int)pattern.Combinations).Where(number => pattern.Fill(number) is not null).ToArray();
            new RandomStream(seed, "patterns", "order", pattern.Name).Shuffle<int>(numbers);
            var (start, sum) = (0, 0.0);
            for (var i = 0; i < shares.Length; i++)
            {
                sum += shares[i];
                var end = i == shares.Length - 1 ? numbers.Length : (int)Math.Round(numbers.Length * sum);
                pools[i].patterns.Add((pattern, new Queue<int>(numbers[start..end])));
                start = end;
            }
        }

        return pools;
    }

    /// <summary>How many meanings are left.</summary>
    public int Count => patterns.Sum(entry => entry.Numbers.Count);

    /// <summary>The same meanings in another order of their own.</summary>
    public MeaningPool Copy(RandomStream random) => new(world, [.. patterns.Select(entry =>
    {
        var numbers = entry.Numbers.ToArray();
        random.Shuffle<int>(numbers);
        return (entry.Pattern, new Queue<int>(numbers));
    })]);

    /// <summary>Takes meanings until <paramref name="count"/> are accepted; those refused are gone too.</summary>
    /// <param name="count">How many.</param>
    /// <param name="accept">Whether a meaning may be used.</param>
    /// <param name="random">Draws the patterns.</param>
    /// <param name="what">The name of what is made, for the message.</param>
    /// <exception cref="LlamaxException">The pool has fewer.</exception>
    public List<Meaning> Draw(int count, Func<Meaning, bool> accept, RandomStream random, string what)
    {
        var drawn = new List<Meaning>(count);
        while (drawn.Count < count)
        {
            var alive = patterns.Where(entry => entry.Numbers.Count > 0).ToArray();
            if (alive.Length == 0)
            {
                throw new LlamaxException($"The world has no more than {drawn.Count:N0} sentences left for {what} where {count:N0} are asked for; ask for fewer or add fillers.");
            }

            var ticket = random.Next(alive.Sum(entry => entry.Pattern.Weight));
            var (pattern, numbers) = alive.First(entry => (ticket -= entry.Pattern.Weight) < 0);
            var fillers = pattern.Fill(numbers.Dequeue())!;
            var meaning = new Meaning(pattern, fillers,
                world.Languages.ToDictionary(language => language.Code, language => pattern.Render(language, fillers)));
            if (accept(meaning))
            {
                drawn.Add(meaning);
            }
        }

        return drawn;
    }
}
