using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Text.Files;

namespace Llamax.Models.Checkpoints;

/// <summary>How weights are divided among safetensors files, and what those are called.</summary>
internal static class ShardLayout
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>Divides weights, which come in the order of their names, so that no file but that of one huge weight is longer than wanted.</summary>
    public static List<List<T>> Divide<T>(IEnumerable<T> weights, Func<T, long> bytes, long limit)
    {
        var shards = new List<List<T>> { new() };
        var size = 0L;
        foreach (var weight in weights)
        {
            if (size + bytes(weight) > limit && shards[^1].Count > 0)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(weight);
            size += bytes(weight);
        }

        return shards;
    }

    /// <summary>The name of shard <paramref name="number"/>, from 1.</summary>
    public static string Name(int number, int count) => count == 1 ? SingleFile : $"model-{number:D5}-of-{count:D5}.safetensors";

    /// <summary>Writes the index of shards.</summary>
    public static void WriteIndex(string folder, IReadOnlyList<IReadOnlyList<string>> shards, long totalBytes)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < shards.Count; i++)
        {
            foreach (var name in shards[i])
            {
                map[name] = Name(i + 1, shards.Count);
            }
        }

        var json = new JsonObject
        {
            ["metadata"] = new JsonObject { ["total_size"] = totalBytes },
            ["weight_map"] = new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        };
        AtomicFile.WriteText(
            Path.Combine(folder, IndexFile), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
    }
}
