using Llamax.Text.Randomness;

namespace Llamax.Corpora.Patterns;

/// <summary>English instructions about the world, with right answers: lists, categories, word order, counting, examples.</summary>
internal sealed class GeneralInstructions
{
    private readonly List<Meaning> training;
    private readonly RandomStream random;
    private readonly Slot[] categories;

    public GeneralInstructions(PatternWorld world, List<Meaning> training, RandomStream random)
    {
        (this.training, this.random) = (training, random);
        categories = [.. world.Slots.Where(slot => slot.Category is not null && slot.Fillers.Count >= 3)];
        if (categories.Length < 2)
        {
            throw new LlamaxException("General instructions need two slots with a category and three fillers or more, as in 'slot animal: an animal, animals'; add them, or ask for no general instructions.");
        }
    }

    /// <summary>Draws as many different instructions, of all kinds in turn.</summary>
    public IEnumerable<(string Instruction, string Input, string Output)> Create(int count)
    {
        Func<(string Instruction, string Input, string Output)?>[] kinds = [ListThree, EitherOr, WhichWord, Write, PutInOrder, CountWords];
        var seen = new HashSet<(string, string)>();
        for (int made = 0, attempt = 0; made < count; attempt++)
        {
            if (attempt > 100 * count)
            {
                throw new LlamaxException($"The world gives no more than {made:N0} different general instructions where {count:N0} are asked for; ask for fewer.");
            }

            if (kinds[attempt % kinds.Length]() is { } entry && seen.Add((entry.Instruction, entry.Input)))
            {
                made++;
                yield return entry;
            }
        }
    }

    private (string, string, string)? ListThree()
    {
        var slot = Any(categories);
        var words = Several(slot.Fillers, 3).Select(Word).ToArray();
        return ($"List three {slot.Categories}. The first is: {words[0]}.", "", string.Join(", ", words));
    }

    private (string, string, string)? EitherOr()
    {
        var pair = Several(categories, 2);
        var right = pair[random.Next(2)];
        var thing = Any(right.Fillers).Form("en", Filler.DefaultForm)!.Text;
        return ($"Is {thing} {pair[0].Category} or {pair[1].Category}? Answer with one word.", "",
            right.Category![(right.Category!.LastIndexOf(' ') + 1)..]);
    }

    private (string, string, string)? WhichWord()
    {
        var pair = Several(categories, 2);
        var right = Word(Any(pair[0].Fillers));
        var words = Several(pair[1].Fillers, 2).Select(Word).Append(right).ToArray();
        random.Shuffle<string>(words);
        return ($"Which word is {pair[0].Category}?", string.Join(", ", words), right);
    }

    private (string, string, string)? Write()
    {
        var meaning = Any(training);
        var word = Any(meaning.Sides["en"].Words).Word;
        return ($"Write a sentence with the word \"{word}\".", "", meaning.Text("en"));
    }

    private (string, string, string)? PutInOrder()
    {
        var sentence = Any(training).Text("en");
        var words = Words(sentence);
        if (words.Distinct(StringComparer.Ordinal).Count() < words.Length || sentence[^1] != '.')
        {
            return null;
        }

        random.Shuffle<string>(words);
        return ("Put the words in order.", string.Join(" ", words), sentence);
    }

    private (string, string, string)? CountWords()
    {
        var sentence = Any(training).Text("en");
        return ("How many words are in this sentence?", sentence, $"{Words(sentence).Length}");
    }

    private static string[] Words(string sentence) => sentence.ToLowerInvariant().TrimEnd('.', '?').Replace(",", "").Split(' ');

    private static string Word(Filler filler)
    {
        var form = filler.Form("en", Filler.DefaultForm)!;
        return form.WordLength > 0 ? form.Text.Substring(form.WordStart, form.WordLength) : form.Text;
    }

    private T Any<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private T[] Several<T>(IReadOnlyList<T> items, int count)
    {
        var shuffled = items.ToArray();
        random.Shuffle<T>(shuffled);
        return shuffled[..count];
    }
}
