using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Evaluation.Results;

/// <summary>Scores as <c>results.json</c> and <c>results.csv</c>: the same scores give the same bytes.</summary>
public static class ResultsFile
{
    /// <summary>Name of the JSON file in a results folder.</summary>
    public const string JsonName = "results.json";

    /// <summary>Name of the CSV file in a results folder.</summary>
    public const string CsvName = "results.csv";

    private const long MaximumBytes = 1L << 30;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes both files.</summary>
    /// <param name="folder">The folder that they go into.</param>
    /// <param name="records">The scores, in the order wanted.</param>
    public static void Write(string folder, IReadOnlyList<ScoreRecord> records)
    {
        AtomicFile.WriteText(Path.Combine(folder, JsonName), JsonSerializer.Serialize(records, Json) + "\n");
        var csv = new StringBuilder("system,benchmark,direction,metric,score,signature,sentences\n");
        foreach (var record in records)
        {
            csv.AppendJoin(',', Csv.Quote(record.System), Csv.Quote(record.Benchmark), Csv.Quote(record.Direction), Csv.Quote(record.Metric),
                record.Score.ToString("R", CultureInfo.InvariantCulture), Csv.Quote(record.Signature ?? ""), record.Sentences).Append('\n');
        }

        AtomicFile.WriteText(Path.Combine(folder, CsvName), csv.ToString());
    }

    /// <summary>Reads a <c>results.json</c>.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="LlamaxException">There is no such file, or it does not hold scores.</exception>
    public static IReadOnlyList<ScoreRecord> Read(string file)
    {
        try
        {
            if (File.Exists(file) && FileStamp.Of(file).Length > MaximumBytes)
            {
                throw new LlamaxException($"{file}: larger than 1 GiB; this is no file of scores.");
            }

            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<List<ScoreRecord>>(stream, Json) is { } records && !records.Contains(null!)
                ? records
                : throw new LlamaxException($"{file}: expected an array of scores.");
        }
        catch (JsonException exception)
        {
            throw new LlamaxException(
                $"{file}:{exception.LineNumber + 1}: expected an array of {{system, benchmark, direction, metric, score, signature, sentences}}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{file}: cannot be read: {exception.Message}", exception);
        }
    }
}
