using System.Runtime.InteropServices;
using System.Text;

namespace Llamax.Text.Tokenizers.Training;

/// <summary>
/// The corpus as the learners see it: stretches of symbols (places in the alphabet) with their counts, each different
/// one once. Words are cut where no piece can reach over, which makes far fewer different ones: a word and the
/// same word with a comma are two stretches, not three.
/// </summary>
internal sealed class TrainingCorpus
{
    /// <summary>Cuts the words.</summary>
    /// <param name="words">Words with their counts.</param>
    /// <param name="alphabet">The characters that take part.</param>
    /// <param name="rules">Which symbols may stand in one piece.</param>
    public TrainingCorpus(WordTable words, IReadOnlyList<int> alphabet, PieceRules rules)
    {
        Alphabet = alphabet;
        var symbolOf = new Dictionary<int, int>(alphabet.Count);
        for (var symbol = 0; symbol < alphabet.Count; symbol++)
        {
            symbolOf.Add(alphabet[symbol], symbol);
        }

        var stretches = new WordTable();
        var symbols = new List<int>();
        for (var word = 0; word < words.Count; word++)
        {
            for (var rest = words[word]; !rest.IsEmpty;)
            {
                Rune.DecodeFromUtf8(rest, out var rune, out var length);
                rest = rest[length..];
                var inside = symbolOf.TryGetValue(rune.Value, out var symbol);
                if (symbols.Count > 0 && (!inside || !rules.MayNeighbour(symbols[^1], symbol)))
                {
                    Close(words.CountOf(word));
                }

                if (inside)
                {
                    symbols.Add(symbol);
                }
            }

            Close(words.CountOf(word));
        }

        Starts = new int[stretches.Count + 1];
        Counts = new long[stretches.Count];
        Symbols = new int[stretches.TextLength / sizeof(int)];
        for (var stretch = 0; stretch < stretches.Count; stretch++)
        {
            var own = MemoryMarshal.Cast<byte, int>(stretches[stretch]);
            own.CopyTo(Symbols.AsSpan(Starts[stretch]));
            Starts[stretch + 1] = Starts[stretch] + own.Length;
            Counts[stretch] = stretches.CountOf(stretch);
        }

        void Close(long count)
        {
            if (symbols.Count > 0)
            {
                stretches.Add(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(symbols)), count);
                symbols.Clear();
            }
        }
    }

    /// <summary>The characters that take part, by symbol.</summary>
    public IReadOnlyList<int> Alphabet { get; }

    /// <summary>Number of different stretches.</summary>
    public int Count => Counts.Length;

    /// <summary>The stretches behind each other.</summary>
    public int[] Symbols { get; }

    /// <summary>Where each stretch begins; one more for the end of the last.</summary>
    public int[] Starts { get; }

    /// <summary>How often each stretch stands in the corpus.</summary>
    public long[] Counts { get; }

    /// <summary>
    /// The most frequent characters that together make up the wanted share of the corpus: most frequent first, by code
    /// point among equals.
    /// </summary>
    /// <param name="characters">The corpus's characters.</param>
    /// <param name="coverage">The wanted share.</param>
    public static List<int> AlphabetOf(CharacterCounts characters, double coverage)
    {
        // No piece may hold a zero: the format's users end strings with it.
        var found = characters.CodePoints();
        found.Remove(0);
        var (all, covered) = (0L, 0L);
        foreach (var character in found)
        {
            all += characters[character];
        }

        found.Sort((a, b) => characters[a] != characters[b] ? characters[b].CompareTo(characters[a]) : a - b);
        var alphabet = new List<int>();
        foreach (var character in found)
        {
            // SentencePiece compares in single precision.
            if ((float)(1.0 * covered / all) >= (float)coverage)
            {
                break;
            }

            covered += characters[character];
            if (character != WordCounter.Boundary)
            {
                alphabet.Add(character);
            }
        }

        return alphabet;
    }

    /// <summary>The characters behind symbols.</summary>
    public string Text(ReadOnlySpan<int> symbols)
    {
        Span<char> text = stackalloc char[1024];
        text = symbols.Length <= text.Length / 2 ? text : new char[2 * symbols.Length];
        var length = 0;
        foreach (var symbol in symbols)
        {
            length += new Rune(Alphabet[symbol]).EncodeToUtf16(text[length..]);
        }

        return text[..length].ToString();
    }
}
