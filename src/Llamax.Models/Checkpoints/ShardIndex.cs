namespace Llamax.Models.Checkpoints;

/// <summary>An index of shards: which tensor lies in which file of the folder.</summary>
internal sealed class ShardIndex
{
    private ShardIndex(string file, IReadOnlyList<(string Name, string Shard)> map)
    {
        (File, Map) = (file, map);
        Shards = [.. map.Select(pair => pair.Shard).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public string File { get; }

    public IReadOnlyList<(string Name, string Shard)> Map { get; }

    /// <summary>The shards' file names.</summary>
    public IReadOnlyList<string> Shards { get; }

    /// <summary>Reads an index.</summary>
    /// <exception cref="LlamaxException">It is broken, or names a file outside of its folder.</exception>
    public static ShardIndex Read(string file)
    {
        var map = new JsonKeys(file, JsonKeys.Parse(file)).Section("weight_map")
            ?? throw new LlamaxException($"{file}: the key 'weight_map' is missing.");
        var pairs = map.Texts().ToList();
        foreach (var (name, shard) in pairs)
        {
            // The index comes from elsewhere: it may name files of this folder only.
            if (shard.Length == 0 || shard is "." or ".." || shard != Path.GetFileName(shard) || shard.Contains('\\') || shard.Contains('\0'))
            {
                throw new LlamaxException($"{file}: '{shard}', where '{name}' is said to be, is not the name of a file in this folder.");
            }
        }

        return pairs.Count > 0 ? new ShardIndex(file, pairs) : throw new LlamaxException($"{file}: 'weight_map' is empty.");
    }

    /// <summary>The path of a shard.</summary>
    /// <exception cref="LlamaxException">There is no such file.</exception>
    public string Locate(string shard)
    {
        var path = Path.Combine(Path.GetDirectoryName(File) ?? "", shard);
        return System.IO.File.Exists(path) ? path : throw new LlamaxException(
            $"{path}: this shard is missing; {Path.GetFileName(File)} says that it holds {Map.Count(pair => pair.Shard == shard)} of the model's {Map.Count} tensors. Download it, or the folder again.");
    }
}
