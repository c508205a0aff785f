using System.Text;

namespace Llamax.Text.Tests.Tokenizers.Normalization;

/// <summary>
/// The replacements behind SentencePiece's names for normalisation: every character and every sequence of characters
/// that NFKC changes (composing pairs in whatever compatibility form their parts come), where a sequence has a rule only
/// if the rules for its parts do not bring it about.
/// </summary>
internal static class NormalizationRules
{
    // nmt_: characters that mean a space, and those that mean nothing, as SentencePiece has them.
    private static readonly int[] Spaces =
        [9, 10, 12, 13, 0x1680, 0x200B, 0x200C, 0x200E, 0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD];

    private static readonly int[] Removed =
        [.. Enumerable.Range(1, 8), 11, .. Enumerable.Range(14, 18), 0x7F, 0x8F, 0x9F];

    private const string FullWidthTilde = "\uFF5E"; // nmt_ leaves it alone: NFKC would make a common ~ of it.

    /// <summary>The rules of that name; their results are final, no rule applies to them again.</summary>
    /// <param name="name">nfkc, nmt_nfkc, nfkc_cf or nmt_nfkc_cf.</param>
    public static Dictionary<string, string> For(string name)
    {
        var (nmt, fold) = name switch
        {
            "nfkc" => (false, false),
            "nmt_nfkc" => (true, false),
            "nfkc_cf" => (false, true),
            "nmt_nfkc_cf" => (true, true),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown rules"),
        };
        var tables = UnicodeTables.Load();
        var rules = Reduce(Compositions(tables.Decompositions));
        if (nmt)
        {
            foreach (var character in Spaces)
            {
                rules[char.ConvertFromUtf32(character)] = " ";
            }

            foreach (var character in Removed)
            {
                rules[char.ConvertFromUtf32(character)] = "";
            }

            rules.Remove(FullWidthTilde);
        }

        if (fold)
        {
            Fold(rules, tables.Folded);
        }

        return rules;
    }

    private static Dictionary<string, string> Compositions(Dictionary<string, (string Nfkd, string Nfkc)> decompositions)
    {
        var rules = new Dictionary<string, string>(300_000);
        var variants = new Dictionary<Rune, List<string>>(); // The single characters that decompose to a single one.
        foreach (var (character, (nfkd, nfkc)) in decompositions)
        {
            if (character != nfkc)
            {
                rules.Add(character, nfkc);
            }

            var first = nfkd.EnumerateRunes().First();
            if (first.Utf16SequenceLength == nfkd.Length)
            {
                if (!variants.TryGetValue(first, out var known))
                {
                    variants.Add(first, known = [nfkd]);
                }

                known.Add(character);
            }
        }

        foreach (var (nfkd, nfkc) in decompositions.Values.Distinct())
        {
            var parts = nfkd.EnumerateRunes().Select(part => variants.GetValueOrDefault(part) ?? [part.ToString()]).ToArray();
            if (nfkd != nfkc && parts.Length > 1)
            {
                Combine(rules, parts, 0, "", nfkc);
            }
        }

        return rules;
    }

    private static void Combine(Dictionary<string, string> rules, List<string>[] parts, int at, string start, string result)
    {
        if (at == parts.Length)
        {
            rules[start] = result;
            return;
        }

        foreach (var variant in parts[at])
        {
            Combine(rules, parts, at + 1, start + variant, result);
        }
    }

    private static Dictionary<string, string> Reduce(Dictionary<string, string> rules)
    {
        var kept = new Dictionary<string, string>(rules.Count);
        var needed = new List<KeyValuePair<string, string>>();
        var output = new StringBuilder();
        foreach (var length in rules.GroupBy(rule => Runes(rule.Key)).OrderBy(group => group.Key))
        {
            needed.Clear();
            needed.AddRange(length.Where(rule => length.Key == 1 || !Yields(kept, rule.Key, rule.Value, output)));
            foreach (var (sequence, result) in needed)
            {
                kept.Add(sequence, result);
            }
        }

        return kept;
    }

    /// <summary>Whether the rules for shorter sequences, the longest first, make <paramref name="result"/> of the text.</summary>
    private static bool Yields(Dictionary<string, string> shorter, string text, string result, StringBuilder output)
    {
        var rules = shorter.GetAlternateLookup<ReadOnlySpan<char>>();
        output.Clear();
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var length = rest.Length;
            while (length > 0 && !rules.ContainsKey(rest[..length]))
            {
                length--;
            }

            output.Append(length > 0 ? rules[rest[..length]] : rest[..1]);
            rest = rest[Math.Max(1, length)..];
        }

        return output.Equals(result);
    }

    private static void Fold(Dictionary<string, string> rules, Dictionary<int, int> folded)
    {
        foreach (var (sequence, result) in rules.ToList())
        {
            if (result.EnumerateRunes().Any(rune => folded.ContainsKey(rune.Value)))
            {
                rules[sequence] = string.Concat(result.EnumerateRunes().Select(rune => new Rune(folded.GetValueOrDefault(rune.Value, rune.Value)).ToString()));
            }
        }

        foreach (var (character, small) in folded)
        {
            rules.TryAdd(char.ConvertFromUtf32(character), char.ConvertFromUtf32(small));
        }
    }

    private static int Runes(string text)
    {
        var count = text.Length;
        foreach (var part in text)
        {
            count -= char.IsLowSurrogate(part) ? 1 : 0;
        }

        return count;
    }
}
