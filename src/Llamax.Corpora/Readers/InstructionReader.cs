namespace Llamax.Corpora.Readers;

/// <summary>Reads instructions in the Alpaca format: objects with <c>instruction</c>, <c>input</c> (may be left out) and <c>output</c>.</summary>
public static class InstructionReader
{
    /// <summary>Reads a <c>.json</c> or <c>.jsonl</c> file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="LlamaxException">An entry lacks its instruction or output; the message names it.</exception>
    public static IEnumerable<InstructionExample> Read(TextFile file)
    {
        if (!JsonRecords.IsJson(file))
        {
            throw new LlamaxException($"{file.Name}: instructions are read from .json and .jsonl files.");
        }

        foreach (var (record, place) in JsonRecords.Read(file))
        {
            yield return new InstructionExample(
                JsonRecords.Text(record, "instruction", place) ?? throw Missing("instruction"),
                JsonRecords.Text(record, "input", place) ?? "",
                JsonRecords.Text(record, "output", place) ?? throw Missing("output"));

            LlamaxException Missing(string field) => new($"{place}: \"{field}\" is missing. Expected {{\"instruction\": ..., \"input\": ..., \"output\": ...}}.");
        }
    }
}
