using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints;

/// <summary>The weights of a model folder, in whichever format and whether in one file or in shards.</summary>
internal sealed class WeightFiles : IDisposable
{
    /// <summary>More do not read faster.</summary>
    private const int MaximalThreads = 16;

    /// <summary>Bytes compared at once.</summary>
    private const int CompareChunk = 1 << 20;

    /// <summary>The files that hold or list a folder's weights; the first that is there counts.</summary>
    private static readonly (string Single, string Index)[] Names =
    [
        ("model.safetensors", "model.safetensors.index.json"), ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ];

    private readonly string folder;
    private readonly Dictionary<string, TensorFile> byName = new(StringComparer.Ordinal);
    private readonly List<TensorFile> files = [];

    /// <summary>No files yet: see <see cref="Add"/>.</summary>
    /// <param name="folder">What messages call them together.</param>
    public WeightFiles(string folder) => this.folder = folder;

    /// <summary>Every tensor; several may lie in the same bytes of a file.</summary>
    public IEnumerable<TensorEntry> Entries => files.SelectMany(file => file.Tensors);

    public IReadOnlyList<TensorFile> Files => files;

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="LlamaxException">There are none, a shard is missing, or a file is broken.</exception>
    public static WeightFiles Open(string folder)
    {
        var weights = new WeightFiles(folder);
        try
        {
            weights.Open();
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Opens a single file of weights.</summary>
    /// <exception cref="LlamaxException">It is broken, or of another format.</exception>
    public static WeightFiles OpenFile(string path)
    {
        var weights = new WeightFiles(path);
        weights.Add(TensorFiles.Open(path));
        return weights;
    }

    /// <summary>Adds an open file, which is disposed of with the others, also where this throws.</summary>
    /// <exception cref="LlamaxException">A tensor of the same name is in another file.</exception>
    public void Add(TensorFile file)
    {
        files.Add(file);
        foreach (var entry in file.Tensors)
        {
            if (!byName.TryAdd(entry.Name, file))
            {
                throw new LlamaxException(
                    $"{file.Path}: '{entry.Name}' is also in {byName[entry.Name].Path}. Remove the shard that does not belong to this model.");
            }
        }
    }

    /// <summary>The tensor of the first of these names that is there, or null.</summary>
    public TensorEntry? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (byName.TryGetValue(name, out var file))
            {
                return file.Find(name);
            }
        }

        return null;
    }

    /// <summary>The file that a tensor lies in.</summary>
    /// <exception cref="LlamaxException">There is no such tensor.</exception>
    public TensorFile Holding(string name) => byName.GetValueOrDefault(name)
        ?? throw new LlamaxException($"{folder}: the weight '{name}' is missing.");

    /// <summary>Checks that tensors are there and have these shapes, before memory is taken for them.</summary>
    /// <exception cref="LlamaxException">One is missing or has another shape.</exception>
    public void Check(IEnumerable<(string Name, long[] Shape)> expected)
    {
        foreach (var (name, shape) in expected)
        {
            Holding(name).Check(name, shape);
        }
    }

    /// <summary>Whether two tensors have the same type, shape and numbers. Of those that differ, little is read.</summary>
    public bool AreSame(string first, string second)
    {
        var (ours, theirs) = (Holding(first), Holding(second));
        if (ours.Find(first) is not { } a || theirs.Find(second) is not { } b || a.Type != b.Type || !a.Shape.SequenceEqual(b.Shape))
        {
            return false;
        }

        if (ours == theirs && a.Offset == b.Offset && (a.Strides ?? []).SequenceEqual(b.Strides ?? []))
        {
            return true;
        }

        if (a.Strides is not null || b.Strides is not null)
        {
            return false;
        }

        var (left, right) = (new byte[Math.Min(CompareChunk, a.Length)], new byte[Math.Min(CompareChunk, a.Length)]);
        for (var at = 0L; at < a.Length; at += CompareChunk)
        {
            var length = (int)Math.Min(CompareChunk, a.Length - at);
            ours.ReadBytes(a, at, left.AsSpan(0, length));
            theirs.ReadBytes(b, at, right.AsSpan(0, length));
            if (!left.AsSpan(0, length).SequenceEqual(right.AsSpan(0, length)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Copies a tensor into <paramref name="target"/>: same shape; any number type, device and strides.</summary>
    /// <exception cref="LlamaxException">It is missing, has another shape, or cannot be read.</exception>
    public void CopyTo(string name, Tensor target) => Holding(name).CopyTo(name, target);

    /// <summary>Copies tensors on several threads, large ones first; each into a target of its shape, of any type, device and strides.</summary>
    /// <exception cref="LlamaxException">One is missing, has another shape, or cannot be read.</exception>
    public void CopyTo(IReadOnlyCollection<(string Name, Tensor Target)> weights)
    {
        var largest = weights.Select(weight => (weight.Name, weight.Target, Bytes: Holding(weight.Name).Check(weight.Name, weight.Target.shape).Length))
            .OrderByDescending(weight => weight.Bytes).ToList();
        try
        {
            Parallel.ForEach(
                Partitioner.Create(largest, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MaximalThreads) },
                weight => CopyTo(weight.Name, weight.Target));
        }
        catch (AggregateException exception) when (exception.InnerExceptions[0] is LlamaxException first)
        {
            throw new LlamaxException(first.Message, first);
        }
    }

    public void Dispose()
    {
        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    private void Open()
    {
        foreach (var (single, index) in Names)
        {
            if (File.Exists(Path.Combine(folder, single)))
            {
                Add(TensorFiles.Open(Path.Combine(folder, single)));
                return;
            }

            if (File.Exists(Path.Combine(folder, index)))
            {
                AddShards(ShardIndex.Read(Path.Combine(folder, index)));
                return;
            }
        }

        throw new LlamaxException($"{folder}: there are no weights: none of {string.Join(", ", Names.SelectMany(name => new[] { name.Single, name.Index }))}.");
    }

    private void AddShards(ShardIndex index)
    {
        foreach (var shard in index.Shards)
        {
            Add(TensorFiles.Open(index.Locate(shard)));
        }

        foreach (var (name, shard) in index.Map)
        {
            if (!byName.TryGetValue(name, out var file) || Path.GetFileName(file.Path) != shard)
            {
                throw new LlamaxException(
                    $"{index.File}: '{name}' is said to be in {shard} but is not{(file is null ? "" : $", it is in {Path.GetFileName(file.Path)}")}. Download or write the folder again.");
            }
        }
    }
}
