using Llamax.Models.Checkpoints;
using Llamax.Models.Families;
using Llamax.Models.Native;
using Llamax.Models.Resizing;
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
    /// <param name="note">Receives what the user should know of tensors that have no place in the network.</param>
    /// <exception cref="LlamaxException">
    /// A weight is missing or has another shape, there are more layers than the configuration says, or a file is broken.
    /// </exception>
    public static T Load<T>(
        string folder, Func<ScalarType?, Device?, T> make, Func<T, IEnumerable<(string Name, Tensor Value)>> weights, ScalarType? type, Device? device,
        Action<string>? note)
        where T : nn.Module
    {
        using var files = WeightFiles.Open(folder);
        var (family, json) = ConfigFile.Open(folder);

        // Before memory is taken: the sizes come from a file.
        var shapes = Shapes(make, weights);
        var stored = Find(files, family, shapes);
        var unplaced = UnplacedTensors.Find(json.Source, files, family, [.. shapes.Select(weight => weight.Name)], stored);
        if (unplaced.Count > 0)
        {
            note?.Invoke(UnplacedTensors.Explain(folder, files, family, unplaced));
        }

        return Load(folder, files, stored, make, weights, type, device);
    }

    /// <summary>Makes a network and fills it from files that are open.</summary>
    /// <param name="folder">What messages name.</param>
    /// <param name="files">The files.</param>
    /// <param name="stored">Of <see cref="Find"/>: the tensors, in the order of the weights.</param>
    /// <param name="make">Makes the network of a number type on a device, its weights not filled.</param>
    /// <param name="weights">The network's weights by name.</param>
    /// <param name="type">Number type; as stored where null.</param>
    /// <param name="device">The device; the CPU where null.</param>
    /// <exception cref="LlamaxException">A file cannot be read, or the memory does not suffice.</exception>
    public static T Load<T>(
        string folder, WeightFiles files, IReadOnlyList<TensorEntry> stored, Func<ScalarType?, Device?, T> make,
        Func<T, IEnumerable<(string Name, Tensor Value)>> weights, ScalarType? type, Device? device)
        where T : nn.Module
    {
        T? model = null;
        try
        {
            model = make(type ?? stored[0].Type, device);
            using var scope = NewDisposeScope();
            files.CopyTo([.. stored.Zip(weights(model), (entry, weight) => (entry.Name, weight.Value.detach()))]);
            return model;
        }
        catch (Exception exception)
        {
            model?.Dispose();
            if (MemoryShortage.IsOne(exception))
            {
                throw new LlamaxException(
                    $"{folder}: the memory does not suffice for {stored.Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size)):N0} weights: "
                    + "use a smaller number type (--dtype bfloat16) or a machine with more memory.",
                    exception);
            }

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

    /// <summary>The stored tensors that are the weights, under whichever of their names that no other weight has.</summary>
    /// <exception cref="LlamaxException">One is missing, has another shape, or is stored in whole numbers.</exception>
    public static List<TensorEntry> Find(WeightFiles files, Family family, IReadOnlyList<(string Name, long[] Shape)> shapes)
    {
        var own = shapes.Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        return [.. shapes.Select(weight =>
        {
            var names = family.NamesOf(weight.Name).Where(name => name == weight.Name || !own.Contains(name)).ToArray();
            var name = files.Find(names)?.Name ?? weight.Name;
            var entry = files.Holding(name).Check(name, weight.Shape);
            return NumberRow.Knows(entry.Type) ? entry : throw new LlamaxException(
                $"{files.Holding(name).Path}: tensor {name} is stored in whole numbers ({entry.Type}), as quantized weights are, which are not read. Take the model as it was before that.");
        })];
    }
}
