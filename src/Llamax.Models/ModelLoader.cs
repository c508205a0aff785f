using Llamax.Models.Checkpoints;
using Llamax.Models.Families;
using Llamax.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models;

/// <summary>Fills networks from folders: each weight under whichever of its names it is stored.</summary>
internal static class ModelLoader
{
    /// <summary>Makes a network and fills it.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="make">Makes the network of a number type on a device, its weights not filled.</param>
    /// <param name="weights">The network's weights by name.</param>
    /// <param name="type">Number type; as stored where null.</param>
    /// <param name="device">The device; the CPU where null.</param>
    /// <exception cref="LlamaxException">A weight is missing or has another shape, or a file is broken.</exception>
    public static T Load<T>(
        string folder, Func<ScalarType?, Device?, T> make, Func<T, IEnumerable<(string Name, Tensor Value)>> weights, ScalarType? type, Device? device)
        where T : nn.Module
    {
        var family = ConfigFile.Open(folder).Family;
        using var files = WeightFiles.Open(folder);

        // Before memory is taken: the sizes come from a file.
        var stored = Shapes(make, weights).Select(weight => Checked(files, family, weight.Name, weight.Shape)).ToList();
        var model = make(type ?? stored[0].Type, device);
        try
        {
            using var scope = NewDisposeScope();
            files.CopyTo([.. stored.Zip(weights(model), (entry, weight) => (entry.Name, weight.Value.detach()))]);

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The names and shapes of a network's weights, without memory for them.</summary>
    public static List<(string Name, long[] Shape)> Shapes<T>(
        Func<ScalarType?, Device?, T> make, Func<T, IEnumerable<(string Name, Tensor Value)>> weights)
        where T : nn.Module
    {
        LibTorch.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var model = make(ScalarType.Float32, META);
        return [.. weights(model).Select(weight => (weight.Name, weight.Value.shape))];
    }

    /// <summary>The stored tensor that is a weight, under whichever of its names.</summary>
    /// <exception cref="LlamaxException">There is none, or it has another shape.</exception>
    public static TensorEntry Checked(WeightFiles files, Family family, string name, IReadOnlyList<long> shape)
    {
        var entry = files.Find([.. family.NamesOf(name)]);
        return files.Holding(entry?.Name ?? name).Check(entry?.Name ?? name, shape);
    }
}
