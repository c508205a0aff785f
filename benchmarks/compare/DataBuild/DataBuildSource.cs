using System.Text.Json;
using Llamax.Corpora.Building.Units;
using Llamax.Corpora.Readers;
using Llamax.Corpora.Readers.Records;

namespace Llamax.Benchmarks.Compare;

/// <summary>FLORES-101's dev files in all their languages, repeated with another number behind each line.</summary>
internal sealed class DataBuildSource
{
    private readonly List<byte[]> lines;

    /// <param name="shared">The folder that holds <c>data/flores</c>.</param>
    public DataBuildSource(string shared) =>
        lines = TokenizationTexts.Flores(Path.Combine(shared, "data", "flores", "flores101_dev_devtest.tar.gz"), ".dev");

    /// <summary>The texts, no two the same.</summary>
    public IEnumerable<byte[]> Texts(int seed)
    {
        for (var i = 0L; ; i++)
        {
            yield return [.. lines[(int)(i % lines.Count)], .. System.Text.Encoding.ASCII.GetBytes($" {seed}{i}")];
        }
    }

    /// <summary>Writes JSON lines as mC4 has them.</summary>
    public void WriteTexts(string path, int seed, long bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        foreach (var text in Texts(seed))
        {
            json.WriteStartObject();
            json.WriteString("text"u8, text);
            json.WriteString("timestamp"u8, "2020-01-01T00:00:00Z"u8);
            json.WriteString("url"u8, "https://example.org/"u8);
            json.WriteEndObject();
            json.Flush();
            file.WriteByte((byte)'\n');
            json.Reset();
            if (file.Position >= bytes)
            {
                break;
            }
        }
    }

    /// <summary>Writes pairs of one line and the next as a table.</summary>
    public void WritePairs(string path, int seed, long bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        var isFirst = true;
        foreach (var text in Texts(seed))
        {
            file.Write(text);
            file.WriteByte(isFirst ? (byte)'\t' : (byte)'\n');
            isFirst = !isFirst;
            if (isFirst && file.Position >= bytes)
            {
                break;
            }
        }
    }

    /// <summary>The file as the builder takes it.</summary>
    public static WorkUnit Unit(string path)
    {
        var file = TextFile.FindOne(path);
        var reader = path.EndsWith(".tsv", StringComparison.Ordinal)
            ? RecordSources.Translations(file, ["en", "fr"], RecordFormat.Auto, [0, 1], new ReadingOptions())
            : RecordSources.Texts(file, "en", RecordFormat.Auto, "text", new ReadingOptions());
        return new WorkUnit(reader, [file], "");
    }
}
