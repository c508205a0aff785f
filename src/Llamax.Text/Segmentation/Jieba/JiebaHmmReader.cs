using System.Text.Json;
using Llamax.Text.Files;
using static Llamax.Text.Segmentation.Jieba.JiebaStates;

namespace Llamax.Text.Segmentation.Jieba;

/// <summary>
/// Reads the tables of <see cref="JiebaHmm"/> from JSON: <c>start</c> has a log probability for each of the states B, E, M
/// and S; <c>trans</c> has for a state those of the states that may follow; <c>emit</c> has for a state those of characters.
/// </summary>
internal static class JiebaHmmReader
{
    private const int LongestFile = 1 << 28;

    /// <summary>Reads the tables.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LlamaxException">It cannot be read or is not made like that.</exception>
    public static JiebaHmm Read(string path)
    {
        try
        {
            var length = FileStamp.Of(path).Length;
            return length <= LongestFile
                ? Parse(File.ReadAllBytes(path))
                : throw new LlamaxException($"{path} has more than 256 MiB; expected jieba's HMM tables as JSON.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw new LlamaxException(
                $"{path}: {exception.Message} Expected jieba's HMM tables as JSON: {{\"start\": {{\"B\": -0.26, …}}, \"trans\": {{\"B\": {{\"E\": -0.51, …}}, …}}, \"emit\": {{\"B\": {{\"一\": -3.65, …}}, …}}}}.",
                exception);
        }
    }

    private static JiebaHmm Parse(ReadOnlySpan<byte> json)
    {
        var start = Unknown(Count);
        var transitions = Unknown(Count * Count);
        var emissions = Unknown((JiebaHmm.LastHan - JiebaHmm.FirstHan + 1) * Count);
        var seen = new HashSet<string>();
        var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json["\uFEFF"u8.Length..] : json);
        reader.Read();
        while (Key(ref reader) is { } table)
        {
            if (table is not ("start" or "trans" or "emit"))
            {
                throw new FormatException($"the key '{table}' is unknown.");
            }

            seen.Add(table);
            while (Key(ref reader) is { } name)
            {
                var state = State(name, table);
                seen.Add($"{table}.{name}");
                if (table == "start")
                {
                    start[state] = Probability(ref reader, "start", name);
                    continue;
                }

                while (Key(ref reader) is { } next)
                {
                    var probability = Probability(ref reader, table, name, next);
                    if (table == "trans")
                    {
                        transitions[(state * Count) + State(next, table)] = probability;
                    }
                    else if (next.Length == 1 && JiebaHmm.IsHan(next[0]))
                    {
                        emissions[((next[0] - JiebaHmm.FirstHan) * Count) + state] = probability;
                    }
                }
            }
        }

        string[] needed = ["start", "trans", "emit", .. Letters.SelectMany(letter => new[] { $"start.{letter}", $"trans.{letter}", $"emit.{letter}" })];
        return needed.FirstOrDefault(key => !seen.Contains(key)) is { } missing
            ? throw new FormatException($"the key {missing} is missing.")
            : new JiebaHmm(start, transitions, emissions);
    }

    private static double[] Unknown(int count)
    {
        var table = new double[count];
        Array.Fill(table, JiebaHmm.Never);
        return table;
    }

    /// <summary>The next key of the object that the reader is in or before; null at its end.</summary>
    private static string? Key(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject && reader.TokenType != JsonTokenType.Number && reader.TokenType != JsonTokenType.EndObject)
        {
            throw new FormatException($"an object is expected at byte {reader.TokenStartIndex}.");
        }

        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        var key = reader.GetString();
        reader.Read();
        return key;
    }

    private static int State(string name, string table) => name.Length == 1 && Letters.Contains(name[0])
        ? Letters.IndexOf(name[0])
        : throw new FormatException($"{table} names the state '{name}'.");

    private static double Probability(ref Utf8JsonReader reader, params ReadOnlySpan<string> keys) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value is <= 0 and > double.NegativeInfinity
            ? value
            : throw new FormatException($"{string.Join('.', keys)} is no log probability, a number of at most 0.");
}
