using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Recipes.Stages;

/// <summary>The content of a <c>stage.json</c>: what a stage was made from, with what, when, and what it made.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Settings">The settings that its outputs depend on, by their key.</param>
/// <param name="Inputs">SHA-256 of each input file, by the key or path that names it.</param>
/// <param name="Versions">The programs that made it; they do not make it out of date.</param>
/// <param name="Started">When it began first.</param>
/// <param name="Finished">When it ended; null while it is under way or interrupted.</param>
/// <param name="Outputs">SHA-256 of each output file, by its path in the stage's folder.</param>
/// <param name="Machine">What it was made on.</param>
/// <param name="ActiveSeconds">How long it was at work in all spans that have ended, without the time between interruption and resumption.</param>
/// <param name="Resumed">When the span began that is under way or was interrupted; null where it is finished.</param>
public sealed record StageRecord(
    string Stage,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyDictionary<string, string> Inputs,
    IReadOnlyDictionary<string, string> Versions,
    DateTimeOffset Started,
    DateTimeOffset? Finished,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyDictionary<string, string>? Machine = null,
    double ActiveSeconds = 0,
    DateTimeOffset? Resumed = null)
{
    internal const string FileName = "stage.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How long a finished stage was at work.</summary>
    internal TimeSpan Active => ActiveSeconds > 0 || Finished is null ? TimeSpan.FromSeconds(ActiveSeconds) : Finished.Value - Started;

    /// <summary>Reads the record of a stage's folder; null where there is none or it is not whole.</summary>
    /// <param name="folder">The stage's folder.</param>
    public static StageRecord? Read(string folder)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(folder, FileName));
            var record = JsonSerializer.Deserialize<StageRecord>(stream, Json);
            return record is { Settings: not null, Inputs: not null, Versions: not null, Outputs: not null } ? record : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, this, Json));

    /// <summary>Names what differs between the other record's origins and this one's; null where nothing does.</summary>
    internal string? Difference(StageRecord other) =>
        FirstDifference(Settings, other.Settings) ?? FirstDifference(Inputs, other.Inputs);

    private static string? FirstDifference(IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> before) =>
        now.Keys.Union(before.Keys).FirstOrDefault(key =>
            !now.TryGetValue(key, out var a) || !before.TryGetValue(key, out var b) || a != b);
}
