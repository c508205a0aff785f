using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Llamax.Corpora.Shards;
using Llamax.Models;

namespace Llamax.Training.Checkpoints;

/// <summary>The settings that the weights depend on; a checkpoint goes on only under the same ones.</summary>
internal static class RunSettings
{
    private static readonly string[] WithoutEffect =
    [
        nameof(TrainingOptions.CheckpointEverySteps), nameof(TrainingOptions.KeepCheckpoints), nameof(TrainingOptions.LogEverySteps),
    ];

    /// <summary>Settings by the keys that a recipe gives them; model and data as fingerprints.</summary>
    public static IReadOnlyDictionary<string, string> Of(TrainingOptions options, DecoderConfig config, ShardManifest data)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in typeof(TrainingOptions).GetProperties().Where(property => !WithoutEffect.Contains(property.Name)))
        {
            // What is not set has no entry: a checkpoint from before there was the setting stays good.
            if (Text(property.GetValue(options)) is { Length: > 0 } text)
            {
                settings[JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] = text;
            }
        }

        settings["model"] = Fingerprint(config.ToString());
        settings["data"] = Fingerprint(string.Join(' ', data.Shards.Select(shard => shard.Sha256)));
        return settings;
    }

    /// <summary>Refuses to go on from a checkpoint of other settings.</summary>
    /// <exception cref="LlamaxException">A setting differs; the message names those that do.</exception>
    public static void Check(string checkpoint, IReadOnlyDictionary<string, string> stored, IReadOnlyDictionary<string, string> now)
    {
        var changed = now.Keys.Union(stored.Keys).Where(key => stored.GetValueOrDefault(key) != now.GetValueOrDefault(key))
            .Select(key => key is "model" or "data"
                ? key
                : $"{key} ({stored.GetValueOrDefault(key, "not set")}, now {now.GetValueOrDefault(key, "not set")})").ToList();
        if (changed.Count > 0)
        {
            throw new LlamaxException(
                $"{checkpoint} was made with other settings: {string.Join(", ", changed)}. Set them back to go on from it, or remove "
                + "the folder of checkpoints to start anew.");
        }
    }

    private static string Text(object? value) => value is IReadOnlyDictionary<string, double> weights
        ? string.Join(' ', weights.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Key}={each.Value}")))
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Fingerprint(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
