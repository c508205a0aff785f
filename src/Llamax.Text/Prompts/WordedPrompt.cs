namespace Llamax.Text.Prompts;

/// <summary>A prompt, and which parts of it are the template's own words; the rest was filled in and speaks for nobody but its author.</summary>
/// <param name="Text">The whole prompt.</param>
/// <param name="Words">The template's parts, in order.</param>
internal sealed record WordedPrompt(string Text, IReadOnlyList<(int Start, int End)> Words)
{
    /// <summary>Where the prompt has one of the names: the leftmost, of those that start there the longest, and on behind it.</summary>
    /// <param name="names">Names of special tokens.</param>
    /// <returns>Each place, and whether the template put it there.</returns>
    public IEnumerable<(int Start, int End, bool OfTemplate)> Places(IReadOnlyCollection<string> names)
    {
        var present = names.Where(name => name.Length > 0 && Text.Contains(name, StringComparison.Ordinal)).ToArray();
        for (var from = 0; ;)
        {
            var next = present.Select(name => (Start: Text.IndexOf(name, from, StringComparison.Ordinal), name.Length))
                .Where(place => place.Start >= 0).OrderBy(place => place.Start).ThenByDescending(place => place.Length).FirstOrDefault();
            if (next.Length == 0)
            {
                yield break;
            }

            from = next.Start + next.Length;
            yield return (next.Start, from, Words.Any(part => part.Start <= next.Start && from <= part.End));
        }
    }
}
