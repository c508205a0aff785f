using System.Globalization;
using System.Text.Json;

namespace Llamax.Corpora.Building.Pseudo;

/// <summary>
/// The translations of one direction, in a file that is only ever added to: a line is the sentence's hash, a space and
/// the translation as JSON. A line that a killed process left unfinished is cut off.
/// </summary>
internal sealed class TranslationStore : IDisposable
{
    private readonly Dictionary<UInt128, string> known = [];
    private readonly FileStream file;

    /// <param name="path">The file; it is made where it is missing.</param>
    /// <exception cref="LlamaxException">It is none of ours, or another process has it open.</exception>
    public TranslationStore(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new LlamaxException($"{path} cannot be opened: {exception.Message} Translations are kept there; another building may be at work.", exception);
        }

        try
        {
            file.SetLength(Read(path));
            file.Seek(0, SeekOrigin.End);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The translation of a sentence; null where there is none yet.</summary>
    public string? Find(UInt128 hash) => known.GetValueOrDefault(hash);

    /// <summary>Adds translations; they are on disk when this returns.</summary>
    public void Add(IEnumerable<(UInt128 Hash, string Text)> translations)
    {
        using var lines = new MemoryStream();
        foreach (var (hash, text) in translations)
        {
            known[hash] = text;
            lines.Write(System.Text.Encoding.ASCII.GetBytes(hash.ToString("x32", CultureInfo.InvariantCulture) + " "));
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(text));
            lines.WriteByte((byte)'\n');
        }

        lines.Position = 0;
        lines.CopyTo(file);
        file.Flush(flushToDisk: true);
    }

    public void Dispose() => file.Dispose();

    /// <summary>Takes in the lines that are whole; returns where they end.</summary>
    private long Read(string path)
    {
        var end = 0L;
        using var reader = new StreamReader(file, leaveOpen: true);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            var bytes = System.Text.Encoding.UTF8.GetByteCount(line) + 1;
            if (end + bytes > file.Length)
            {
                break; // The last line has no end.
            }

            if (line.Length < 35 || line[32] != ' ' || !UInt128.TryParse(line.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash))
            {
                throw new LlamaxException($"{path}, line {number}: no translation as Llamax keeps them. Remove the file, or the line.");
            }

            try
            {
                known[hash] = JsonSerializer.Deserialize<string>(line.AsSpan(33)) ?? "";
            }
            catch (JsonException exception)
            {
                throw new LlamaxException($"{path}, line {number}: no translation as Llamax keeps them. Remove the file, or the line.", exception);
            }

            end += bytes;
        }

        return end;
    }
}
