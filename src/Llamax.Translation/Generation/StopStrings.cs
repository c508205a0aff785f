using System.Text;
using Llamax.Text.Tokenizers;

namespace Llamax.Translation.Generation;

/// <summary>Strings that end a text, wherever tokens are cut.</summary>
public sealed class StopStrings
{
    /// <summary>Tokens before a stop string that may change how its own tokens are decoded.</summary>
    private const int Context = 8;

    private readonly Tokenizer tokenizer;
    private readonly IReadOnlyList<string> strings;
    private readonly int tail;

    /// <summary>Checks the strings.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="strings">The strings, none of them empty.</param>
    /// <exception cref="LlamaxException">A string is empty.</exception>
    public StopStrings(Tokenizer tokenizer, IReadOnlyList<string> strings)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(strings);
        if (strings.Any(string.IsNullOrEmpty))
        {
            throw new LlamaxException("A stop string is empty: every text would end at once.");
        }

        (this.tokenizer, this.strings) = (tokenizer, strings);
        tail = strings.Select(Encoding.UTF8.GetByteCount).DefaultIfEmpty().Max() + Context; // A token is a byte at least.
    }

    /// <summary>Whether one of the strings stands in what was written last. To be given as a <see cref="StopTest"/>.</summary>
    /// <param name="written">The new tokens.</param>
    public bool IsAtEnd(ReadOnlySpan<int> written)
    {
        var text = Decode(written[Math.Max(0, written.Length - tail)..]);
        return strings.Any(stop => text.Contains(stop, StringComparison.Ordinal));
    }

    /// <summary>The text before the first of the strings.</summary>
    /// <param name="text">The text.</param>
    public string Cut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ends = strings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(place => place >= 0).ToList();
        return ends.Count == 0 ? text : text[..ends.Min()];
    }

    private string Decode(ReadOnlySpan<int> ids)
    {
        var known = new List<int>(ids.Length);
        foreach (var id in ids)
        {
            if (id < tokenizer.VocabularySize)
            {
                known.Add(id);
            }
        }

        return tokenizer.Decode([.. known]);
    }
}
