using Llamax.Models.Checkpoints;

namespace Llamax.Models;

/// <summary>What a model folder holds, found without loading the weights.</summary>
public sealed record ModelSummary
{
    /// <summary>The architecture's family, for example <c>llama</c>.</summary>
    public required string Family { get; init; }

    /// <summary>The model's shape.</summary>
    public required DecoderConfig Config { get; init; }

    /// <summary>Number of weights; tied ones count once.</summary>
    public required long Parameters { get; init; }

    /// <summary>The number types of the stored weights as PyTorch names them, with the bytes in each.</summary>
    public required IReadOnlyDictionary<string, long> StoredBytes { get; init; }

    /// <summary>Bytes of all the weights in memory, by number type.</summary>
    public IReadOnlyDictionary<string, long> WeightBytes => ByType(Parameters);

    /// <summary>Bytes of keys and values that one token takes in the cache, by number type.</summary>
    public IReadOnlyDictionary<string, long> CacheBytesPerToken => ByType(2L * Config.Layers * Config.KeyValueHeads * Config.HeadSize);

    /// <summary>Reads configuration and safetensors headers, and checks that every weight is there in its shape.</summary>
    /// <param name="folder">A Hugging Face folder.</param>
    /// <exception cref="LlamaxException">A file is missing or broken, or does not fit the configuration.</exception>
    public static ModelSummary Read(string folder)
    {
        var config = ConfigFile.Read(folder);
        using var weights = WeightFiles.Open(folder);
        weights.Check(ModelFolder.WeightShapes(config));
        return new ModelSummary
        {
            Family = "llama",
            Config = config,
            Parameters = config.Parameters,
            StoredBytes = weights.Entries.GroupBy(entry => ModelFolder.TorchName(entry.Type))
                .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Length), StringComparer.Ordinal),
        };
    }

    private static Dictionary<string, long> ByType(long numbers) => new(StringComparer.Ordinal)
    {
        ["float32"] = 4 * numbers,
        ["bfloat16"] = 2 * numbers,
    };
}
