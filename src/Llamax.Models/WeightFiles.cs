using Llamax.Models.Native;
using Llamax.Models.Safetensors;
using static TorchSharp.torch;

namespace Llamax.Models;

/// <summary>The weights of a model folder, whether in one file or in shards.</summary>
internal sealed class WeightFiles : IDisposable
{
    private readonly string folder;
    private readonly Dictionary<string, SafetensorsFile> byName = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> files = [];

    private WeightFiles(string folder) => this.folder = folder;

    public IEnumerable<SafetensorsEntry> Entries => byName.Select(pair => pair.Value.Find(pair.Key)!);

    public IReadOnlyList<SafetensorsFile> Files => files;

    public static WeightFiles Open(string folder)
    {
        var weights = new WeightFiles(folder);
        try
        {
            var single = Path.Combine(folder, "model.safetensors");
            var index = Path.Combine(folder, "model.safetensors.index.json");
            if (File.Exists(single))
            {
                weights.Add(SafetensorsFile.Open(single));
            }
            else if (File.Exists(index))
            {
                weights.AddShards(index);
            }
            else
            {
                throw new LlamaxException($"{folder}: there is neither model.safetensors nor model.safetensors.index.json.");
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public SafetensorsEntry? Find(string name) => byName.GetValueOrDefault(name)?.Find(name);

    public void CopyTo(string name, Tensor target) => Holding(name).CopyTo(name, target);

    /// <summary>Throws where a weight of such a model is missing or has another shape.</summary>
    public void Check(DecoderConfig config)
    {
        LibTorch.EnsureLoaded();
        using var scope = NewDisposeScope();

        // On the meta device tensors have shapes and no memory.
        using var model = new CausalLanguageModel(config, ScalarType.Float32, META);
        foreach (var (name, value) in model.Weights())
        {
            Holding(name).Check(name, value.shape);
        }
    }

    public void Dispose()
    {
        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    private SafetensorsFile Holding(string name) => byName.GetValueOrDefault(name)
        ?? throw new LlamaxException($"{folder}: the weight '{name}' is missing.");

    private void AddShards(string index)
    {
        var map = new JsonKeys(index, JsonKeys.Parse(index)).Section("weight_map")
            ?? throw new LlamaxException($"{index}: the key 'weight_map' is missing.");
        var shards = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, shard) in map.Texts())
        {
            // The index comes from elsewhere: it may name files of this folder only.
            if (shard.Length == 0 || shard is "." or ".." || shard != Path.GetFileName(shard) || shard.Contains('\\'))
            {
                throw new LlamaxException($"{index}: '{shard}', where '{name}' is said to be, is not the name of a file in this folder.");
            }

            shards.Add(shard);
        }

        foreach (var shard in shards)
        {
            Add(SafetensorsFile.Open(Path.Combine(folder, shard)));
        }

        foreach (var (name, shard) in map.Texts())
        {
            if (!byName.TryGetValue(name, out var file) || Path.GetFileName(file.Path) != shard)
            {
                throw new LlamaxException($"{index}: '{name}' is said to be in {shard} but is not. Download or write the folder again.");
            }
        }
    }

    private void Add(SafetensorsFile file)
    {
        files.Add(file);
        foreach (var entry in file.Tensors)
        {
            if (!byName.TryAdd(entry.Name, file))
            {
                throw new LlamaxException($"{file.Path}: '{entry.Name}' is also in {byName[entry.Name].Path}.");
            }
        }
    }
}
