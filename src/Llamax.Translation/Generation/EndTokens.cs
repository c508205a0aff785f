using System.Text.Json;
using Llamax.Models;

namespace Llamax.Translation.Generation;

/// <summary>The tokens that end a text.</summary>
public static class EndTokens
{
    /// <summary>
    /// The end tokens of a model folder: those of <c>generation_config.json</c>, where chat models name more of them,
    /// or else those of <c>config.json</c>.
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="config">Its configuration.</param>
    /// <exception cref="LlamaxException"><c>generation_config.json</c> is broken.</exception>
    public static IReadOnlyList<int> Read(string folder, DecoderConfig config)
    {
        var file = Path.Combine(folder, "generation_config.json");
        if (!File.Exists(file))
        {
            return config.EosIds;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (!json.RootElement.TryGetProperty("eos_token_id", out var ids) || ids.ValueKind == JsonValueKind.Null)
            {
                return config.EosIds;
            }

            int[] read = ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [ids.GetInt32()];
            return Array.TrueForAll(read, id => id >= 0 && id < config.VocabularySize)
                ? read
                : throw new LlamaxException($"{file}: eos_token_id is outside the vocabulary of {config.VocabularySize} tokens.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new LlamaxException($"{file}: eos_token_id must be a token id or a list of them: {exception.Message}", exception);
        }
    }
}
