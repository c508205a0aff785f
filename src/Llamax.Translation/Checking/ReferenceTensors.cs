using Llamax.Models.Checkpoints;

namespace Llamax.Translation.Checking;

/// <summary>The reference's tensors (<c>expected.safetensors</c>), and which of them nobody asked for or could be given.</summary>
/// <param name="file">The file; null where there is none.</param>
internal sealed class ReferenceTensors(TensorFile? file)
{
    private const int Shown = 3;

    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly List<(string Case, string What)> missing = [];

    /// <summary>The tensor of a case, or null.</summary>
    /// <param name="name">The case.</param>
    /// <param name="what">What was computed, such as <c>logits</c>.</param>
    public TensorEntry? Find(string name, string what)
    {
        var found = file?.Find($"{name}.{what}");
        asked.Add($"{name}.{what}");
        if (found is null)
        {
            missing.Add((name, what));
        }

        return found;
    }

    /// <summary>Whether there is any of a case's tensors that are numbered, such as <c>hidden_states.0</c>.</summary>
    /// <param name="name">The case.</param>
    /// <param name="what">What was computed, without the number.</param>
    public bool HasAny(string name, string what)
    {
        var any = file?.Tensors.Any(entry => entry.Name.StartsWith($"{name}.{what}.", StringComparison.Ordinal)) == true;
        if (!any)
        {
            missing.Add((name, what));
        }

        return any;
    }

    /// <summary>The content of a tensor in float32.</summary>
    public TorchSharp.torch.Tensor Read(TensorEntry entry) => file!.Read(entry.Name, TorchSharp.torch.ScalarType.Float32);

    /// <summary>What could not be compared, and why.</summary>
    /// <param name="cases">The cases that were computed.</param>
    public IEnumerable<string> NotCompared(IReadOnlyCollection<string> cases)
    {
        if (file is null || cases.Count == 0)
        {
            yield return cases.Count == 0 ? "logits and states: expected.json has no case in 'forward'"
                : $"logits and states of {string.Join(", ", cases)}: there is no expected.safetensors";
        }

        foreach (var (what, names) in file is null ? [] : missing.GroupBy(each => each.What, each => each.Case, StringComparer.Ordinal).Select(group => (group.Key, group)))
        {
            yield return $"{what} of {string.Join(", ", names)}: not in expected.safetensors";
        }

        string[] unasked = [.. file?.Tensors.Select(entry => entry.Name).Where(name => !asked.Contains(name)) ?? []];
        if (unasked.Length > 0)
        {
            yield return $"{string.Join(", ", unasked.Take(Shown))}{(unasked.Length > Shown ? $" and {unasked.Length - Shown:N0} more" : "")} of expected.safetensors: "
                + "expected.json has no such case, or the model computes no such tensor";
        }
    }
}
