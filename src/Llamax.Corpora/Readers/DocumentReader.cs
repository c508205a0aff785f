namespace Llamax.Corpora.Readers;

/// <summary>
/// Reads monolingual texts. A line of a text file is one text. An object of a JSON file is one text: its <c>text</c>, or
/// where it has none but is an Alpaca instruction, the instruction, input and output on lines of their own.
/// </summary>
public static class DocumentReader
{
    /// <summary>Reads a file; empty texts are left out, and white space around the others.</summary>
    /// <param name="file">Text, <c>.jsonl</c> or <c>.json</c>.</param>
    /// <param name="language">The texts' language.</param>
    /// <param name="textField">The field of a JSON object that holds the text.</param>
    /// <exception cref="LlamaxException">The file cannot be read, or an object holds no text.</exception>
    public static IEnumerable<Document> Read(TextFile file, string language, string textField = "text")
    {
        foreach (var text in JsonRecords.IsJson(file) ? JsonTexts(file, textField) : LineReader.Read(file))
        {
            var trimmed = text.Trim();
            if (trimmed.Length > 0)
            {
                yield return new Document(language, trimmed);
            }
        }
    }

    private static IEnumerable<string> JsonTexts(TextFile file, string textField)
    {
        foreach (var (record, place) in JsonRecords.Read(file))
        {
            if (JsonRecords.Text(record, textField, place) is { } text)
            {
                yield return text;
            }
            else if (JsonRecords.Text(record, "instruction", place) is { } instruction)
            {
                var parts = new[] { instruction, JsonRecords.Text(record, "input", place), JsonRecords.Text(record, "output", place) };
                yield return string.Join('\n', parts.Where(part => !string.IsNullOrWhiteSpace(part)));
            }
            else
            {
                throw new LlamaxException($"{place}: \"{textField}\" is missing.");
            }
        }
    }
}
