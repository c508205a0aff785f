using System.Text.Json;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Corpora.Cleaning;

/// <summary>Everything in files of test sets that may be a text: lines, cells of tables, strings of JSON, which may be of several lines.</summary>
internal static class BenchmarkTexts
{
    /// <summary>The texts of all files.</summary>
    /// <exception cref="LlamaxException">A file cannot be read.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(IEnumerable<TextFile> files) => files.SelectMany(file => RecordSources.Resolve(file, RecordFormat.Auto) switch
    {
        RecordFormat.Text => Lines(file),
        RecordFormat.Tsv => Lines(file).SelectMany(Cells),
        RecordFormat.Json when file.HasExtension(".json") => Strings(JsonDocuments.Read(file), file.Name),
        RecordFormat.Json => Lines(file).SelectMany((line, number) => Strings(line, $"{file.Name}, line {number + 1}")),
        _ => throw new LlamaxException($"{file.Name}: test sets are read from text, .tsv, .json and .jsonl files, packed or not. Convert it to one of these."),
    });

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(TextFile file)
    {
        using var scanner = new LineScanner(file);
        while (Next(scanner) is { } line)
        {
            yield return line;
        }

        if (scanner.Damage is { } damage)
        {
            throw damage;
        }
    }

    private static byte[]? Next(LineScanner scanner) => scanner.TryRead(out var line) ? line.ToArray() : null;

    private static List<ReadOnlyMemory<byte>> Strings(ReadOnlyMemory<byte> json, string name)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        if (Utf8Text.Trim(json.Span).Length == 0)
        {
            return found;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    var text = new byte[reader.ValueSpan.Length];
                    found.Add(text.AsMemory(0, reader.CopyString(text)));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // Invalid operation: a lone surrogate.
        {
            throw new LlamaxException($"{name}: no JSON ({exception.Message}). A test set that is not read whole would not be kept out.", exception);
        }

        return found;
    }

    private static List<ReadOnlyMemory<byte>> Cells(ReadOnlyMemory<byte> line)
    {
        var cells = new List<ReadOnlyMemory<byte>>();
        foreach (var cell in line.Span.Split((byte)'\t'))
        {
            cells.Add(line[cell]);
        }

        return cells;
    }
}
