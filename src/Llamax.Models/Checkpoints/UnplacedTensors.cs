using Llamax.Models.Families;

namespace Llamax.Models.Checkpoints;

/// <summary>
/// The tensors of a checkpoint that a network has no place for. A model computes something else without them, so that none
/// is left out in silence.
/// </summary>
internal static class UnplacedTensors
{
    private const int Shown = 3;

    /// <summary>Those that are no weights, no copies of any, and not known to be of no use.</summary>
    /// <param name="source">What messages call the configuration.</param>
    /// <param name="files">The checkpoint.</param>
    /// <param name="family">Its family.</param>
    /// <param name="weights">The network's weights by their usual names.</param>
    /// <param name="taken">The tensors that they are taken from, in the same order.</param>
    /// <exception cref="LlamaxException">Some are of layers that the configuration does not count.</exception>
    public static IReadOnlyList<TensorEntry> Find(
        string source, WeightFiles files, Family family, IReadOnlyCollection<string> weights, IReadOnlyCollection<TensorEntry> taken)
    {
        var copies = Copies(family, weights, taken);
        TensorEntry[] others =
        [
            .. files.Entries.Where(entry => !family.Ignores(entry.Name)
                && !(copies.TryGetValue(entry.Name, out var original) && files.AreSame(original, entry.Name))),
        ];
        foreach (var layers in others.Length == 0 ? [] : family.Layers)
        {
            var known = Count(weights, family, layers);
            TensorEntry[] beyond = [.. others.Where(entry => family.LayerOf(entry.Name, layers) >= known)];
            if (beyond.Length > 0)
            {
                var stored = Count(beyond.Select(entry => entry.Name), family, layers);
                throw new LlamaxException(
                    $"{source}: {layers.CountKey} is {known}, but the weights have {stored} such layers: there is no place for {List(beyond)}. "
                    + $"Set {layers.CountKey} to {stored}; or, if those layers shall not be used, take their tensors out of the files.");
            }
        }

        return others;
    }

    /// <summary>What the user should know of tensors that are not used.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="files">The checkpoint.</param>
    /// <param name="family">Its family.</param>
    /// <param name="unplaced">Of <see cref="Find"/>; at least one.</param>
    public static string Explain(string folder, WeightFiles files, Family family, IReadOnlyList<TensorEntry> unplaced)
    {
        var text = $"{folder}: the network has no place for {List(unplaced)}, which {(unplaced.Count == 1 ? "is" : "are")} not used. ";
        var output = unplaced.FirstOrDefault(entry => family.NamesOf(Family.UsualOutput).Contains(entry.Name, StringComparer.Ordinal));
        return text + (output is null
            ? "If the model needs them, its config.json is not the one that it was made with."
            : $"'{output.Name}' differs from the embedding, which {ConfigFile.Name} says the output is: if the model has an output of its own, set tie_word_embeddings to false.");
    }

    /// <summary>The first tensors with their shapes, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<TensorEntry> entries) =>
        string.Join(", ", entries.Take(Shown).Select(entry => $"'{entry.Name}' {entry.ShapeText}"))
        + (entries.Count > Shown ? $" and {entries.Count - Shown:N0} more tensors" : "");

    /// <summary>By each name of a weight, the name that it was taken from: itself for those that were taken.</summary>
    private static Dictionary<string, string> Copies(Family family, IReadOnlyCollection<string> weights, IReadOnlyCollection<TensorEntry> taken)
    {
        var own = weights.ToHashSet(StringComparer.Ordinal);
        var copies = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (weight, entry) in weights.Zip(taken))
        {
            copies[entry.Name] = entry.Name;
            foreach (var name in family.NamesOf(weight).Where(name => !own.Contains(name)))
            {
                copies.TryAdd(name, entry.Name);
            }
        }

        return copies;
    }

    private static int Count(IEnumerable<string> names, Family family, LayerNames layers) =>
        1 + names.Select(name => family.LayerOf(name, layers) ?? -1).DefaultIfEmpty(-1).Max();
}
