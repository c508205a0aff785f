using Llamax.Text.Randomness;

namespace Llamax.Translation.Generation;

/// <summary>
/// The beams of one sentence, with the rules of Hugging Face transformers 4.40 to 4.44. All beams have the same length;
/// arrays are indexed by beam.
/// </summary>
internal sealed class BeamSentence
{
    /// <summary>The sum of a beam that there is no candidate for: below every other, as the reference has it.</summary>
    private const float Hopeless = -1e9f;

    private readonly int beams;
    private readonly bool blocks; // Whether tokens may have been taken out of the candidates.
    private readonly BeamPool pool;
    private int[] written, spare; // [beams, capacity]

    public BeamSentence(int number, Prompt prompt, int maxPositions, GenerationOptions options)
    {
        (Number, Prompt, beams) = (number, prompt, options.Beams);
        MaxLength = Math.Min(prompt.MaxNewTokens ?? options.MaxNewTokens, maxPositions - prompt.Ids.Count);
        (Sums, Parents) = (new float[beams], new int[beams]);
        (written, spare) = (new int[beams * 16], new int[beams * 16]);

        blocks = options.NoRepeatNgram > 0;
        Sampler = options.Sampling is { } sampling ? new TokenSampler(sampling, new RandomStream(sampling.Seed, "sampling", prompt.Content)) : null;

        // Greedy search ends with the first end token, whatever is asked of a search among several.
        pool = new BeamPool(beams, options.LengthPenalty, beams == 1 ? EarlyStopping.True : options.EarlyStopping);
        if (prompt.ForcedFirst is { } forced)
        {
            Length = 1;
            for (var beam = 0; beam < beams; beam++)
            {
                written[beam * Capacity] = forced;
            }

            if (IsDone = MaxLength == 1)
            {
                pool.Add(0, 1, Written(0), -1);
            }
        }
    }

    /// <summary>Its number among the prompts.</summary>
    public int Number { get; }

    public Prompt Prompt { get; }

    /// <summary>Draws its tokens; null where they are searched for.</summary>
    public TokenSampler? Sampler { get; }

    /// <summary>The token that its only beam wrote last; null where it ended, or there are several beams.</summary>
    public int? Newest { get; private set; }

    /// <summary>Most new tokens.</summary>
    public int MaxLength { get; }

    /// <summary>New tokens of each beam.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the hypotheses are final.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Sum of log-probabilities of each beam.</summary>
    public float[] Sums { get; }

    /// <summary>The beam of the step before that each beam continues.</summary>
    public int[] Parents { get; }

    private int Capacity => written.Length / beams;

    /// <summary>What a beam wrote.</summary>
    public ReadOnlySpan<int> Written(int beam) => written.AsSpan(beam * Capacity, Length);

    /// <summary>The best hypotheses, best first.</summary>
    public Hypothesis[] Best(int count) => pool.Best(count);

    /// <summary>Extends the beams by the best of the candidates.</summary>
    /// <param name="candidates">Candidates of a batch.</param>
    /// <param name="place">This sentence's place in the batch.</param>
    /// <param name="endIds">Tokens that end a text.</param>
    /// <param name="stop">Whether a text ends with what is written; may be null.</param>
    /// <exception cref="LlamaxException">There is no candidate, or there are too few without a reason.</exception>
    public void Extend(CandidateList candidates, int place, IReadOnlyCollection<int> endIds, StopTest? stop)
    {
        var (first, count, found) = (place * candidates.PerSentence, candidates.Count(place), 0);
        Newest = null;
        if (Length + 1 > spare.Length / beams)
        {
            spare = new int[4 * (Length + 1) * beams];
        }

        var room = spare.Length / beams;
        var length = Length + 1;
        for (var rank = 0; rank < count && found < beams; rank++)
        {
            var (token, beam, sum) = (candidates.Tokens[first + rank], candidates.Beams[first + rank], candidates.Scores[first + rank]);
            if (sum <= Hopeless / 2)
            {
                break;
            }

            if (endIds.Contains(token))
            {
                if (rank < beams)
                {
                    pool.Add(sum, length, Written(beam), token);
                }

                continue;
            }

            var row = spare.AsSpan(found * room, length);
            Written(beam).CopyTo(row);
            row[^1] = token;
            Newest ??= beams == 1 && rank == 0 ? token : null;
            if (stop is not null && stop(row))
            {
                if (rank < beams)
                {
                    pool.Add(sum, length, row, -1);
                }

                continue;
            }

            (Sums[found], Parents[found++]) = (sum, beam);
        }

        if (count == 0 || (found < beams && stop is null && !blocks && Sampler is null))
        {
            throw new LlamaxException(
                "The model's logits are not numbers, or its vocabulary is smaller than the search needs: check the model with `llamax model check`."
                + (blocks ? " Or no token is left that is not in the text already: use a longer n-gram block." : ""));
        }

        var alive = found;
        for (; found < beams; found++)
        {
            // So many texts stopped, or tokens are blocked, that there are fewer candidates than beams.
            var row = spare.AsSpan(found * room, length);
            Written(0).CopyTo(row);
            row[^1] = candidates.Tokens[first];
            (Sums[found], Parents[found]) = (Hopeless, 0);
        }

        (written, spare) = (spare, written);
        Length = length;
        IsDone = alive == 0 || pool.IsDone(candidates.Scores[first], length, MaxLength);
        if (!IsDone && length == MaxLength)
        {
            IsDone = true;
            for (var beam = 0; beam < alive; beam++)
            {
                pool.Add(Sums[beam], length, Written(beam), -1);
            }
        }
    }
}
