namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Finds the pieces of a unigram model (Kudo, 2018) as SentencePiece does: from many seeds, rounds of expectation
/// maximisation, with the digamma function in the M step as a sparse prior wants it (Bayesian EM), and of
/// pruning the pieces whose loss lowers the corpus's probability least.
/// </summary>
internal sealed class UnigramLearner
{
    private const double FixedPoint = 1 << 24; // Scale of expected counts: sums stay exact up to 5e11 occurrences.
    private const double LeastExpected = 0.5; // Pieces expected more rarely are dropped in the M step, as in SentencePiece.
    private const double Reserve = 1.1; // Pruning stops at this multiple of the wanted size, as in SentencePiece.
    private const double FirstTilt = 3; // Nats per character to begin with; then what the last step has found.

    private readonly TrainingCorpus corpus;
    private readonly UnigramTrainerOptions options;
    private readonly int threads;
    private readonly int[] seedSymbols;
    private UnigramVocabulary vocabulary;
    private double tilt = FirstTilt;

    /// <summary>Finds the seeds.</summary>
    /// <param name="corpus">What to learn from.</param>
    /// <param name="words">The same, before it was cut.</param>
    /// <param name="rules">Which pieces there may be.</param>
    /// <param name="characterCounts">How often each character stands in the corpus.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="threads">Threads to work with.</param>
    public UnigramLearner(
        TrainingCorpus corpus, WordTable words, PieceRules rules, long[] characterCounts, UnigramTrainerOptions options, int threads)
    {
        (this.corpus, this.options, this.threads) = (corpus, options, threads);
        var (symbols, seeds) = SeedPieces.Find(words, corpus.Alphabet, rules, options.MaxPieceLength, options.SeedPieces, threads);
        seedSymbols = symbols;
        var total = Math.Log(characterCounts.Sum() + seeds.Sum(seed => seed.Covered));
        vocabulary = Vocabulary(seeds.Select((seed, id) =>
            (seed.Place, seed.Length, Math.Log(id < characterCounts.Length ? characterCounts[id] : seed.Covered) - total)));
    }

    /// <summary>Learns, and gives the pieces with the highest scores first; all characters are among them.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="vocabularySize">Size of the whole vocabulary, reserved pieces included.</param>
    /// <param name="observe">Is told the number of pieces left to take away.</param>
    /// <param name="cancellation">Ends the learning.</param>
    public List<(string Text, float Score)> Learn(int count, int vocabularySize, Action<int> observe, CancellationToken cancellation)
    {
        var enough = (int)(vocabularySize * Reserve);
        while (true)
        {
            for (var step = 0; step < options.SubIterations; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                Maximise(Expect(cancellation));
            }

            observe(Math.Max(0, vocabulary.Count - enough));
            if (vocabulary.Count <= enough)
            {
                return Final(count);
            }

            Prune(Math.Max(enough, (int)(options.ShrinkingFactor * vocabulary.Count)), cancellation);
        }
    }

    private UnigramVocabulary Vocabulary(IEnumerable<(int Place, int Length, double Score)> pieces) =>
        new(seedSymbols, corpus.Alphabet.Count, [.. pieces]);

    private long[] Expect(CancellationToken cancellation)
    {
        var tilted = new double[vocabulary.Scores.Length];
        for (var id = 0; id < tilted.Length; id++)
        {
            tilted[id] = Math.Exp(vocabulary.Scores[id] + (tilt * (id == vocabulary.Unknown ? 1 : vocabulary.Pieces[id].Length)));
        }

        // Sums of integers: they do not depend on which thread adds what.
        var (expected, logarithm, symbols) = (new long[vocabulary.Scores.Length], 0L, 0L);
        ForEachStretch((lattice, from, to, own) =>
        {
            var (ownLogarithm, ownSymbols) = (0L, 0L);
            for (var stretch = from; stretch < to; stretch++)
            {
                var text = corpus.Symbols.AsSpan(corpus.Starts[stretch]..corpus.Starts[stretch + 1]);
                var count = corpus.Counts[stretch];
                ownLogarithm += (long)(lattice.Expect(text, count * FixedPoint, tilted, tilt, own) * 1024) * count;
                ownSymbols += text.Length * count;
            }

            Interlocked.Add(ref logarithm, ownLogarithm);
            Interlocked.Add(ref symbols, ownSymbols);
        }, expected, cancellation);
        tilt = symbols == 0 ? FirstTilt : -logarithm / 1024.0 / symbols;
        return GiveUnknownToFirst(expected);
    }

    /// <summary>
    /// Characters that are no piece count for the first piece, the most frequent character. That is SentencePiece's way, and
    /// a good one: all characters come back in the end, so what can be spelt with them must not seem indispensable.
    /// </summary>
    private long[] GiveUnknownToFirst(long[] counts)
    {
        counts[0] += counts[vocabulary.Unknown];
        counts[vocabulary.Unknown] = 0;
        return counts;
    }

    private void Maximise(long[] expected)
    {
        var kept = Enumerable.Range(0, vocabulary.Count).Where(id => expected[id] >= LeastExpected * FixedPoint).ToList();
        var total = Digamma(kept.Sum(id => expected[id]) / FixedPoint);
        vocabulary = Vocabulary(kept.Select(id => vocabulary.Pieces[id] with { Score = Digamma(expected[id] / FixedPoint) - total }));
    }

    private void Prune(int size, CancellationToken cancellation)
    {
        var counts = new long[vocabulary.Scores.Length];
        ForEachStretch((lattice, from, to, own) =>
        {
            var ids = new List<int>();
            for (var stretch = from; stretch < to; stretch++)
            {
                lattice.Best(corpus.Symbols.AsSpan(corpus.Starts[stretch]..corpus.Starts[stretch + 1]), -1, ids);
                foreach (var id in ids)
                {
                    own[id] += corpus.Counts[stretch];
                }
            }
        }, counts, cancellation);

        GiveUnknownToFirst(counts);
        var total = (double)counts.Sum();
        var losses = new double[vocabulary.Count]; // Not a number: the piece goes; infinity: it stays.
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, part =>
        {
            var (lattice, ids) = (new UnigramLattice(vocabulary), new List<int>());
            for (var id = part; id < losses.Length; id += threads)
            {
                losses[id] = Loss(lattice, id, counts, total, ids);
            }
        });
        var ranked = Enumerable.Range(0, losses.Length).Where(id => !double.IsNaN(losses[id]))
            .OrderByDescending(id => losses[id]).ThenBy(id => id).Take(Math.Max(size, losses.Count(double.IsPositiveInfinity)));
        vocabulary = Vocabulary(ranked.Order().Select(id => vocabulary.Pieces[id]));
    }

    /// <summary>
    /// How much the corpus's log-probability falls where a piece's occurrences are given to the next best pieces for its
    /// text. The new total counts each occurrence once for every piece of the vocabulary, where its few substitutes would be
    /// the true number: so does SentencePiece up to 0.1.97, with which the well-known unigram models were trained.
    /// It favours frequent pieces over long ones that stand once or twice; new text takes fewer tokens for it.
    /// </summary>
    private double Loss(UnigramLattice lattice, int id, long[] counts, double total, List<int> others)
    {
        if (counts[id] == 0)
        {
            return double.NaN;
        }

        var alternative = lattice.Best(vocabulary.Symbols(id), id, others);
        if (double.IsNegativeInfinity(alternative))
        {
            return double.PositiveInfinity;
        }

        if (alternative > vocabulary.Scores[id])
        {
            return double.NaN;
        }

        var with = Math.Log(counts[id]) - Math.Log(total);
        var without = -others.Count * Math.Log(total + (counts[id] * (vocabulary.Count - 1.0)));
        foreach (var other in others)
        {
            without += Math.Log(counts[other == vocabulary.Unknown ? 0 : other] + counts[id]);
        }

        return counts[id] * (with - without);
    }

    private List<(string Text, float Score)> Final(int count)
    {
        var texts = Enumerable.Range(0, vocabulary.Count).Where(id => vocabulary.Pieces[id].Length > 1)
            .Select(id => (Text: corpus.Text(vocabulary.Symbols(id)), Score: (float)vocabulary.Scores[id]))
            .OrderByDescending(piece => piece.Score).ThenBy(piece => piece.Text, StringComparer.Ordinal)
            .Take(count - corpus.Alphabet.Count);
        var scores = Enumerable.Range(0, vocabulary.Count).Where(id => vocabulary.Pieces[id].Length == 1)
            .ToDictionary(id => vocabulary.Symbols(id)[0], id => vocabulary.Scores[id]);

        // A character that training has dropped comes back below all others, each a little higher than the one before, as in SentencePiece.
        var returned = 0;
        var characters = corpus.Alphabet.Select((character, symbol) => (char.ConvertFromUtf32(character),
            (float)(scores.TryGetValue(symbol, out var score) ? score : vocabulary.Lowest + (0.0001 * returned++))));
        return [.. texts.Concat(characters).OrderByDescending(piece => piece.Item2).ThenBy(piece => piece.Item1, StringComparer.Ordinal)];
    }

    /// <summary>Runs over parts of the corpus, with sums of each thread's own that are added up in the end.</summary>
    private void ForEachStretch(Action<UnigramLattice, int, int, long[]> work, long[] sums, CancellationToken cancellation)
    {
        const int part = 1024;
        var next = -1;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, _ =>
        {
            var (lattice, own) = (new UnigramLattice(vocabulary), threads == 1 ? sums : new long[sums.Length]);
            for (var i = Interlocked.Increment(ref next); (long)i * part < corpus.Count; i = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                work(lattice, i * part, Math.Min(corpus.Count, (i + 1) * part), own);
            }

            lock (sums)
            {
                for (var id = 0; own != sums && id < sums.Length; id++)
                {
                    sums[id] += own[id];
                }
            }
        });
    }

    /// <summary>The logarithmic derivative of the gamma function: recurrence up to 7, then the asymptotic series
    /// (Abramowitz and Stegun, 6.3.5 and 6.3.18).</summary>
    private static double Digamma(double x)
    {
        var result = 0.0;
        for (; x < 7; x++)
        {
            result -= 1 / x;
        }

        x -= 0.5;
        var square = 1 / (x * x);
        return result + Math.Log(x) + (square * (1 / 24.0 - (square * (7 / 960.0 - (square * (31 / 8064.0 - (square * (127 / 30720.0))))))));
    }
}
