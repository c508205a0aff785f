using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building;

/// <summary>
/// How long the passes over a training set's sources took, in seconds, those of all processes added up: <c>times.json</c>
/// beside the manifest, which holds no times so that equal sets are equal files.
/// </summary>
/// <param name="Scan">Reading everything once.</param>
/// <param name="Decide">Deciding what enters.</param>
/// <param name="Encode">Reading it again, tokenizing and writing.</param>
public sealed record BuildTimes(double Scan, double Decide, double Encode)
{
    /// <summary>The file's name. It is no part of the training set: equal sets have other times.</summary>
    public const string FileName = "times.json";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>The times of a training set; null where its maker took none.</summary>
    /// <param name="folder">The training set.</param>
    /// <exception cref="LlamaxException">The file is damaged.</exception>
    public static BuildTimes? Find(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<BuildTimes>(File.ReadAllBytes(path), Json) : null;
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{path}: {exception.Message} Remove it; nothing else needs it.", exception);
        }
    }

    internal void Save(string folder) => AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, Json));
}
