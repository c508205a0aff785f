using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// Finds the pieces of a unigram model (Kudo, 2018) as SentencePiece does: from many seeds, rounds of expectation
/// maximisation, with the digamma function in the M step as a sparse prior wants it (Bayesian EM), and of
/// pruning the pieces whose loss lowers the corpus's probability least.
/// </summary>
internal sealed class UnigramLearner
{
    private const double FixedPoint = 1 << 24; // Scale of expected counts: sums stay exact up to 5e11 occurrences.
    private const float LeastExpected = 0.5F; // Pieces expected more rarely are dropped in the M step, as in SentencePiece.
    private const double Reserve = 1.1; // Pruning stops at this multiple of the wanted size, as in SentencePiece.
    private const double FirstTilt = 3; // Nats per character to begin with; then what the last step has found.
    private const int Block = 512; // Stretches that a thread takes at a time.

    private readonly UnigramCorpus corpus;
    private readonly UnigramTrainerOptions options;
    private readonly int threads;
    private readonly UnigramVocabulary vocabulary;
    private readonly UnigramPiece[] characters;
    private double tilt = FirstTilt;

    /// <summary>Finds the seeds.</summary>
    /// <param name="corpus">What to learn from.</param>
    /// <param name="rules">Which pieces there may be.</param>
    /// <param name="characters">The symbols of the alphabet, the most frequent first.</param>
    /// <param name="characterCounts">How often each of them stands in the corpus.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="threads">Threads to work with.</param>
    public UnigramLearner(
        UnigramCorpus corpus, PieceRules rules, int[] characters, long[] characterCounts, UnigramTrainerOptions options, int threads)
    {
        (this.corpus, this.options, this.threads) = (corpus, options, threads);
        vocabulary = UnigramSeeds.Find(corpus, rules, characters, characterCounts, options.MaxPieceLength, options.SeedPieces, threads);
        this.characters = new UnigramPiece[characters.Length];
        Array.Copy(vocabulary.Pieces, this.characters, characters.Length);
    }

    /// <summary>Learns until few enough pieces are left.</summary>
    /// <param name="observe">Is told the number of pieces left to take away.</param>
    /// <param name="cancellation">Ends the learning.</param>
    public void Learn(Action<int> observe, CancellationToken cancellation)
    {
        var enough = (int)(options.VocabularySize * Reserve);
        while (true)
        {
            for (var step = 0; step < options.SubIterations; step++)
            {
                Maximise(Expect(cancellation));
            }

            observe(Math.Max(0, vocabulary.Count - enough));
            if (vocabulary.Count <= enough)
            {
                return;
            }

            Prune(Math.Max(enough, (int)((float)options.ShrinkingFactor * vocabulary.Count)), cancellation);
        }
    }

    /// <summary>All characters and the best of what else was learnt, those with the highest scores first.</summary>
    /// <param name="count">How many are wanted; fewer come where fewer were learnt.</param>
    public Piece[] Best(int count)
    {
        var learnt = new bool[corpus.Alphabet.Length];
        foreach (ref var piece in vocabulary.Pieces.AsSpan())
        {
            learnt[corpus.Symbols[piece.Place]] |= piece.Length == 1;
        }

        // A character that training has dropped comes back below all others, each a little higher than the one before, as in SentencePiece.
        var all = new UnigramPiece[vocabulary.Count + characters.Length];
        Array.Copy(vocabulary.Pieces, all, vocabulary.Count);
        var (size, score) = (vocabulary.Count, vocabulary.Lowest);
        foreach (var character in characters)
        {
            if (!learnt[corpus.Symbols[character.Place]])
            {
                all[size++] = character with { Score = score };
                score += 0.0001F;
            }
        }

        var longer = Math.Min(count, size) - characters.Length;
        var best = new Piece[longer + characters.Length];
        var taken = 0;
        foreach (var place in ByScoreAndText(all, size))
        {
            var piece = all[place];
            if (piece.Length == 1 || longer-- > 0)
            {
                best[taken++] = new Piece(corpus.Text(piece.Place, piece.Length), piece.Score, PieceType.Normal);
            }
        }

        return best;
    }

    private static int[] ByScoreAndText(UnigramPiece[] pieces, int count)
    {
        var keys = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            keys[i] = ((ulong)pieces[i].Rank << 32) | (uint)pieces[i].Length;
        }

        var byText = RadixSort.Order(keys);
        for (var i = 0; i < count; i++)
        {
            keys[i] = RadixSort.Descending(pieces[byText[i]].Score);
        }

        var order = RadixSort.Order(keys);
        for (var i = 0; i < count; i++)
        {
            order[i] = byText[order[i]];
        }

        return order;
    }

    /// <summary>The E step: how often each piece is expected in the corpus, in fixed point.</summary>
    private long[] Expect(CancellationToken cancellation)
    {
        vocabulary.UseProbabilities(tilt);
        var (own, logarithms, symbols) = (new long[threads][], new long[threads], new long[threads]);
        ForEachBlock((thread, lattice, from, to) =>
        {
            var expected = own[thread] ??= new long[vocabulary.Count + 1];
            var starts = corpus.Starts;
            var counts = corpus.Counts;
            for (var stretch = from; stretch < to; stretch++)
            {
                var (start, end) = (starts[stretch], starts[stretch + 1] - 1);
                logarithms[thread] += (long)(1024 * lattice.Expect(start, end - start, counts[stretch] * FixedPoint, tilt, expected)) * counts[stretch];
                symbols[thread] += (end - start) * counts[stretch];
            }
        }, cancellation);

        // Sums of integers: they do not depend on which thread added what.
        var (logarithm, length) = (0L, 0L);
        for (var thread = 0; thread < threads; thread++)
        {
            logarithm += logarithms[thread];
            length += symbols[thread];
        }

        tilt = length == 0 ? FirstTilt : -logarithm / 1024.0 / length;
        return WithUnknown(own, (long)(corpus.OutsideCount * FixedPoint));
    }

    /// <summary>
    /// Adds up what the threads have counted. Characters that are no piece count for the first piece, the most frequent
    /// character. That is SentencePiece's way, and a good one: all characters come back in the end, so what can be spelt with
    /// them must not seem indispensable.
    /// </summary>
    private long[] WithUnknown(long[]?[] parts, long outside)
    {
        var sums = new long[vocabulary.Count + 1];
        foreach (var part in parts)
        {
            for (var id = 0; part is not null && id < sums.Length; id++)
            {
                sums[id] += part[id];
            }
        }

        sums[0] += sums[vocabulary.Unknown] + outside;
        return sums;
    }

    /// <summary>The M step.</summary>
    private void Maximise(long[] expected)
    {
        var (ids, frequencies, count, sum) = (new int[vocabulary.Count], new float[vocabulary.Count], 0, 0.0);
        for (var id = 0; id < ids.Length; id++)
        {
            var frequency = (float)(expected[id] / FixedPoint);
            if (frequency >= LeastExpected)
            {
                (ids[count], frequencies[count]) = (id, frequency);
                count++;
                sum += frequency;
            }
        }

        var total = (float)Digamma(sum);
        for (var i = 0; i < count; i++)
        {
            frequencies[i] = (float)(Digamma(frequencies[i]) - total);
        }

        vocabulary.Keep(ids.AsSpan(0, count), frequencies.AsSpan(0, count));
    }

    private void Prune(int size, CancellationToken cancellation)
    {
        vocabulary.UseScores();
        var own = new long[threads][];
        ForEachBlock((thread, lattice, from, to) =>
        {
            var (counts, ids) = (own[thread] ??= new long[vocabulary.Count + 1], new List<int>());
            for (var stretch = from; stretch < to; stretch++)
            {
                lattice.Best(corpus.Starts[stretch], corpus.Starts[stretch + 1] - corpus.Starts[stretch] - 1, UnigramVocabulary.None, ids);
                foreach (var id in ids)
                {
                    counts[id] += corpus.Counts[stretch];
                }
            }
        }, cancellation);
        var frequencies = WithUnknown(own, corpus.OutsideCount);

        // What has nothing to take its place stays, in its order; then come the others, the greatest loss first.
        var losses = Losses(frequencies);
        var keys = new ulong[losses.Length];
        var kept = 0;
        for (var id = 0; id < keys.Length; id++)
        {
            keys[id] = RadixSort.Descending(losses[id]);
            kept += losses[id] > float.NegativeInfinity ? 1 : 0;
        }

        vocabulary.Keep(RadixSort.Order(keys).AsSpan(0, Math.Min(size, kept)), []);
    }

    /// <summary>
    /// By how much the corpus's log-probability falls for each piece where its occurrences are given to the next best
    /// pieces for its text: infinite for characters, minus infinite for what is not needed.
    /// </summary>
    /// <remarks>
    /// The new total counts each occurrence once for every piece of the vocabulary, where the few substitutes would be the
    /// true number: so does SentencePiece up to 0.1.97, with which the well-known unigram models were trained. It favours
    /// frequent pieces over long ones that stand once or twice; new text takes fewer tokens for it. The precision is its, too.
    /// </remarks>
    private float[] Losses(long[] frequencies)
    {
        var (lattice, others, losses) = (new UnigramLattice(vocabulary), new List<int>(), new float[vocabulary.Count]);
        var sum = 0L;
        for (var id = 0; id < losses.Length; id++)
        {
            sum += frequencies[id];
        }

        var all = (float)sum;
        var total = (float)Math.Log(all);
        for (var id = 0; id < losses.Length; id++)
        {
            var (piece, frequency) = (vocabulary.Pieces[id], (float)frequencies[id]);
            if (frequency == 0 || piece.Length == 1)
            {
                losses[id] = frequency == 0 ? float.NegativeInfinity : float.PositiveInfinity;
                continue;
            }

            if (lattice.Best(piece.Place, piece.Length, id, others) > piece.Score)
            {
                losses[id] = float.NegativeInfinity;
                continue;
            }

            var with = (float)(Math.Log(frequency) - total);
            var newTotal = (float)Math.Log(all + (frequency * (losses.Length - 1)));
            var without = 0F;
            foreach (var other in others)
            {
                without = (float)(without + (Math.Log((float)frequencies[other == vocabulary.Unknown ? 0 : other] + frequency) - newTotal));
            }

            losses[id] = frequency / all * (with - without);
        }

        return losses;
    }

    /// <summary>Runs over blocks of the corpus.</summary>
    private void ForEachBlock(Action<int, UnigramLattice, int, int> work, CancellationToken cancellation)
    {
        var next = -1;
        Workers.Run(threads, thread =>
        {
            var lattice = new UnigramLattice(vocabulary);
            for (var block = Interlocked.Increment(ref next); (long)block * Block < corpus.Count; block = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                work(thread, lattice, block * Block, Math.Min(corpus.Count, (block + 1) * Block));
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
