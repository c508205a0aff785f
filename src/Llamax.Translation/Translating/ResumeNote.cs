using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Translation.Translating;

/// <summary>What lies beside an unfinished output: what its lines depend on, and of an input that cannot be looked at again, what was read of it.</summary>
/// <param name="Settings">Everything that the lines depend on, by the names that the user knows.</param>
/// <param name="Lines">How many lines of the output <paramref name="Read"/> tells of.</param>
/// <param name="Read">What tells the input that these lines were made of from another; null where the settings say it.</param>
internal sealed record ResumeNote(IReadOnlyDictionary<string, string> Settings, long Lines = 0, string? Read = null)
{
    private const int LargestFile = 1 << 24;
    private const int MostShown = 4;
    private const int LongestValue = 60;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>What an earlier run left; null where there is no such file.</summary>
    /// <exception cref="LlamaxException">The file is no such note.</exception>
    public static ResumeNote? Load(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return FileStamp.Of(file).Length <= LargestFile && JsonSerializer.Deserialize<ResumeNote>(File.ReadAllBytes(file), Json) is { Settings: not null, Lines: >= 0 } note
                && note.Settings.Values.All(value => value is not null) ? note : throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new LlamaxException($"{file} is not what an unfinished run leaves. Give it another name, or write to another file.", exception);
        }
    }

    /// <summary>Leaves it for a later run.</summary>
    public void Save(string file) => AtomicFile.WriteText(file, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Where other settings differ from these, in words; empty where they do not.</summary>
    /// <param name="now">The other settings.</param>
    public string Differences(IReadOnlyDictionary<string, string> now)
    {
        var differing = Settings.Keys.Concat(now.Keys).Distinct(StringComparer.Ordinal)
            .Where(key => Settings.GetValueOrDefault(key) != now.GetValueOrDefault(key)).ToList();
        var shown = differing.Take(MostShown).Select(key => Difference(key, Settings.GetValueOrDefault(key), now.GetValueOrDefault(key)));
        return string.Join("; ", shown) + (differing.Count > MostShown ? $"; and {differing.Count - MostShown} more" : "");
    }

    private static string Difference(string key, string? then, string? now)
    {
        var same = then is null || now is null ? 0 : then.AsSpan().CommonPrefixLength(now);
        return $"{key} was {Shown(then, same)} and is {Shown(now, same)} now";
    }

    /// <summary>A value on one line; of a long one what is around the place where it differs.</summary>
    private static string Shown(string? value, int difference)
    {
        if (value is null)
        {
            return "absent";
        }

        var start = value.Length <= LongestValue ? 0 : Math.Max(0, Math.Min(difference - (LongestValue / 3), value.Length - LongestValue));
        var end = Math.Min(value.Length, start + LongestValue);
        var text = new StringBuilder(start > 0 ? "…" : "");
        foreach (var c in value.AsSpan(start, end - start))
        {
            text.Append(c == '\n' ? "\\n" : char.IsControl(c) ? "\uFFFD" : c.ToString());
        }

        return text.Append(end < value.Length ? "…" : "").ToString();
    }
}
