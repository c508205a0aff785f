using System.Text;

namespace Llamax.Benchmarks.Baseline;

/// <summary>
/// Code-switching as a script would do it: strings in lower case, cut at spaces, a dictionary from words to their
/// translations, the languages of the pair left out of them, one drawn.
/// </summary>
internal sealed class PlainCodeSwitching(double rate, int seed)
{
    private readonly Dictionary<(string Language, string Word), List<(string Language, string Word)>> lexicon = [];
    private readonly Random random = new(seed);

    public void Add(string from, string word, string to, string translation)
    {
        foreach (var (key, value) in new[] { ((from, word.ToLowerInvariant()), (to, translation)), ((to, translation.ToLowerInvariant()), (from, word)) })
        {
            if (!lexicon.TryGetValue(key, out var translations))
            {
                lexicon.Add(key, translations = []);
            }

            translations.Add(value);
        }
    }

    public string Switch(string source, string target, string text)
    {
        var words = text.ToLowerInvariant().Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            if (lexicon.TryGetValue((source, words[i]), out var translations) && random.NextDouble() < rate)
            {
                var allowed = translations.Where(entry => entry.Language != source && entry.Language != target).ToList();
                if (allowed.Count > 0)
                {
                    words[i] = allowed[random.Next(allowed.Count)].Word;
                }
            }
        }

        return new StringBuilder().AppendJoin(' ', words).ToString();
    }
}
