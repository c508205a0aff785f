using Llamax.Text.Randomness;

namespace Llamax.Evaluation.Matrix;

/// <summary>A multi-way test set: line i of every language says the same.</summary>
public sealed class TestSet
{
    /// <summary>Takes lines that are already read.</summary>
    /// <param name="name">The name that results carry.</param>
    /// <param name="lines">Language code → lines.</param>
    /// <exception cref="LlamaxException">Two languages have different numbers of lines, or there are no lines.</exception>
    public TestSet(string name, IReadOnlyDictionary<string, IReadOnlyList<string>> lines)
    {
        var first = lines.FirstOrDefault();
        if (first.Value is null or { Count: 0 })
        {
            throw new LlamaxException($"The test set {name} has no lines.");
        }

        if (lines.FirstOrDefault(other => other.Value.Count != first.Value.Count) is { Value: not null } odd)
        {
            throw new LlamaxException(
                $"The test set {name} is not line-aligned: {first.Key} has {first.Value.Count:N0} lines, {odd.Key} has {odd.Value.Count:N0}.");
        }

        Name = name;
        Lines = lines;
    }

    /// <summary>The name that results carry.</summary>
    public string Name { get; }

    /// <summary>Language code → lines; the same number for each.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lines { get; }

    /// <summary>Number of lines of each language.</summary>
    public int Count => Lines.First().Value.Count;

    /// <summary>A random sample of lines in their order, the same lines for every language.</summary>
    /// <param name="sentences">How many; 0 or more than there are takes all.</param>
    /// <param name="random">Draws them.</param>
    public TestSet Sample(int sentences, RandomStream random)
    {
        if (sentences <= 0 || sentences >= Count)
        {
            return this;
        }

        var numbers = Enumerable.Range(0, Count).ToArray();
        random.Shuffle(numbers.AsSpan());
        var chosen = numbers[..sentences].Order().ToArray();
        return new TestSet(Name, Lines.ToDictionary(each => each.Key, IReadOnlyList<string> (each) => [.. chosen.Select(i => each.Value[i])]));
    }
}
