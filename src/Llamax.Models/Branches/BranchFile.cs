using Llamax.Models.Checkpoints;

namespace Llamax.Models.Branches;

/// <summary>
/// A fairseq checkpoint of one half of a network, under the names <c>encoder.…</c> or <c>decoder.…</c>. What stands before
/// fairseq's own name of a weight does not count: trainers of several models put the direction there, or nothing.
/// </summary>
internal static class BranchFile
{
    private const int LongestName = 1000;

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="half">Which half is wanted; the file may hold the other one too.</param>
    /// <exception cref="LlamaxException">It is broken, has a tensor that the network lacks, or two of the same name.</exception>
    public static TensorFile Open(string path, string half)
    {
        var file = TensorFiles.Open(path);
        try
        {
            return file.With(Named(file, half));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static List<TensorEntry> Named(TensorFile file, string half)
    {
        var stored = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var entry in file.Tensors)
        {
            if (entry.Name.Length > LongestName)
            {
                throw new LlamaxException($"{file.Path}: a tensor's name has {entry.Name.Length:N0} characters, which no weight's has.");
            }

            var parts = entry.Name.Split('.');
            var leaf = Array.FindIndex(parts, part => part is "layers" or "embed_tokens" or "layer_norm" or "output_projection");
            var of = Array.FindLast(leaf < 0 ? parts : parts[..leaf], part => part is "encoder" or "decoder") ?? half;
            if (of != half || parts[^1] is "version" or "_float_tensor")
            {
                continue; // The other half, and what fairseq keeps beside the weights.
            }

            if (leaf < 0)
            {
                throw new LlamaxException($"{file.Path}: '{entry.Name}' is no weight of M2M-100's {half}, which a branch of Lego-MT is.");
            }

            var name = $"{half}.{string.Join('.', parts[leaf..])}";
            if (!stored.TryAdd(name, entry) && stored[name] is var other && !Place(other).Equals(Place(entry)))
            {
                throw new LlamaxException(
                    $"{file.Path}: '{other.Name}' and '{entry.Name}' may both be the {half}'s '{name}', and differ. Keep the tensors of one model in a branch's file.");
            }
        }

        return [.. stored.Select(pair => pair.Value with { Name = pair.Key })];
    }

    /// <summary>What two names of one tensor have in common.</summary>
    private static object Place(TensorEntry entry) => (entry.Offset, entry.Length, entry.Type, entry.ShapeText, entry.Strides is null);
}
