namespace Llamax.Text.Tokenizers.Families;

/// <summary>Says where two tokenizers of one folder differ.</summary>
internal static class TokenizerComparison
{
    // Scripts, doubled spaces, digits, punctuation, what normalisers change, and what most vocabularies lack.
    private const string Probe =
        "The quick brown fox  doesn't jump 12,345.67 times (ﬁne, Ａ½)! Zażółć gęślą jaźń. Съешь ещё этих булок. 小狗在睡觉。 なぜですか？ पहाड़ियों पर สวัสดี 😀 𠮷";

    /// <summary>The first difference, as what <paramref name="other"/> has; null where there is none.</summary>
    public static string? Difference(Tokenizer taken, TokenizerCandidate other)
    {
        var sample = Sample(taken);
        try
        {
            return Difference(taken, sample, other.Load(), other);
        }
        catch (LlamaxException exception)
        {
            return $"it cannot be read ({exception.Message.TrimEnd('.')})";
        }
    }

    /// <summary>The probe's ids; null where the tokenizer lacks something for it, which says nothing about the other one.</summary>
    private static int[]? Sample(Tokenizer tokenizer)
    {
        try
        {
            return tokenizer.Encode(Probe);
        }
        catch (LlamaxException)
        {
            return null;
        }
    }

    private static string? Difference(Tokenizer taken, int[]? sample, Tokenizer other, TokenizerCandidate candidate)
    {
        for (var id = 0; !candidate.HasOwnIds && id < Math.Min(taken.VocabularySize, other.VocabularySize); id++)
        {
            var (ours, theirs) = (taken.IdToPiece(id), other.IdToPiece(id));
            if (ours != theirs && !(candidate.IsPadded && ours.Length == 0))
            {
                return $"its id {id} is '{theirs}', not '{ours}'";
            }
        }

        if (!candidate.HasOwnIds && (candidate.IsPadded ? taken.VocabularySize > other.VocabularySize : taken.VocabularySize != other.VocabularySize))
        {
            return $"it has {other.VocabularySize} ids, not {taken.VocabularySize}";
        }

        if (sample is null)
        {
            return null;
        }

        string[] one = [.. sample.Select(taken.IdToPiece)], two = [.. other.Encode(Probe).Select(other.IdToPiece)];
        var at = one.AsSpan().CommonPrefixLength(two);
        return at == one.Length && at == two.Length ? null
            : $"it reads '{string.Join(' ', two.Skip(at).Take(3))}' where this one reads '{string.Join(' ', one.Skip(at).Take(3))}' in a sample text";
    }
}
