namespace Llamax.Metrics;

/// <summary>Compares translations with references. Thread-safe.</summary>
public abstract class Metric
{
    /// <summary>The release of sacreBLEU whose definitions and signatures are followed.</summary>
    public const string SacreBleuVersion = "2.6.0";

    /// <summary>The name, as reports write it: <c>BLEU</c>, <c>spBLEU</c>, <c>chrF</c>, <c>chrF++</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How the metric computes, as sacreBLEU writes it.</summary>
    /// <param name="references">Number of references per segment.</param>
    public abstract string Signature(int references);

    /// <summary>The score of a whole text, from statistics summed over its segments.</summary>
    /// <param name="hypotheses">The translations, one per segment.</param>
    /// <param name="references">One or more reference translations of the text, each with one line per segment.</param>
    /// <exception cref="LlamaxException">There is no reference, no segment, or the numbers of segments differ.</exception>
    public Score Corpus(IReadOnlyList<string> hypotheses, params IReadOnlyList<IReadOnlyList<string>> references)
    {
        Check(hypotheses, references);
        return Compute(hypotheses, references);
    }

    /// <summary>The score of each segment by itself.</summary>
    /// <param name="hypotheses">The translations, one per segment.</param>
    /// <param name="references">One or more reference translations of the text, each with one line per segment.</param>
    /// <exception cref="LlamaxException">There is no reference, no segment, or the numbers of segments differ.</exception>
    public IReadOnlyList<Score> Sentences(
        IReadOnlyList<string> hypotheses, params IReadOnlyList<IReadOnlyList<string>> references)
    {
        Check(hypotheses, references);
        return [.. Enumerable.Range(0, hypotheses.Count).Select(i =>
            Compute([hypotheses[i]], [.. references.Select(lines => (IReadOnlyList<string>)[lines[i]])]))];
    }

    /// <summary>Computes the score of segments whose numbers are known to agree.</summary>
    private protected abstract Score Compute(
        IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references);

    private static void Check(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references)
    {
        if (references.Count == 0)
        {
            throw new LlamaxException("Nothing to compare with: at least one reference is needed.");
        }

        if (hypotheses.Count == 0)
        {
            throw new LlamaxException("Nothing to score: the translation has no lines.");
        }

        for (var i = 0; i < references.Count; i++)
        {
            if (references[i].Count != hypotheses.Count)
            {
                throw new LlamaxException(
                    $"The translation has {hypotheses.Count} lines and reference {i + 1} has {references[i].Count}; " +
                    "line i of each must belong together.");
            }
        }
    }
}
