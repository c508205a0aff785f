using System.Globalization;
using System.Text;
using System.Text.Json;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Pseudo;

/// <summary>
/// The translations of one direction, in files that are only ever added to: a line is the sentence's hash, a space and
/// the translation as JSON. Every process adds to a file of its own and reads all of them, so that none spoils another's
/// where the file system does not lock. What a killed process left unfinished at the end of a file is no line.
/// </summary>
internal sealed class TranslationStore : IDisposable
{
    private readonly Dictionary<UInt128, string> known = [];
    private readonly string own;
    private FileStream? file;

    /// <param name="folder">The folder of the files; it is made where it is missing.</param>
    /// <param name="direction">The direction, by which the files are named.</param>
    /// <exception cref="LlamaxException">A file is none of ours.</exception>
    public TranslationStore(string folder, string direction)
    {
        Directory.CreateDirectory(folder);
        own = Path.Combine(folder, $"{direction}.{UnfinishedName.Process}.jsonl");
        foreach (var path in Directory.GetFiles(folder, $"{direction}.*jsonl").Order(StringComparer.Ordinal))
        {
            using var stream = Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Read(stream, path);
        }
    }

    /// <summary>The translation of a sentence; null where there is none yet. Of several the one of the file whose name comes first.</summary>
    public string? Find(UInt128 hash) => known.GetValueOrDefault(hash);

    /// <summary>Adds translations; they are on disk when this returns.</summary>
    /// <exception cref="LlamaxException">The file cannot be written.</exception>
    public void Add(IEnumerable<(UInt128 Hash, string Text)> translations)
    {
        using var lines = new MemoryStream();
        foreach (var (hash, text) in translations)
        {
            known[hash] = text;
            lines.Write(Encoding.ASCII.GetBytes(hash.ToString("x32", CultureInfo.InvariantCulture) + " "));
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(text));
            lines.WriteByte((byte)'\n');
        }

        file ??= OpenOwn();
        lines.Position = 0;
        lines.CopyTo(file);
        file.Flush(flushToDisk: true);
    }

    public void Dispose() => file?.Dispose();

    /// <summary>The file of this process; one that a former process of the same number left is gone on with, behind its last whole line.</summary>
    private FileStream OpenOwn()
    {
        var stream = Open(own, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        stream.SetLength(Read(stream, own));
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, mode, access, share);
        }
        catch (IOException exception)
        {
            throw new LlamaxException($"{path} cannot be opened: {exception.Message} Translations are kept there.", exception);
        }
    }

    /// <summary>Takes in the lines that are whole; returns where they end.</summary>
    private long Read(FileStream stream, string path)
    {
        var (end, length) = (0L, stream.Length); // What another process adds meanwhile is not looked at.
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            var bytes = Encoding.UTF8.GetByteCount(line) + 1;
            if (end + bytes > length)
            {
                break; // The last line has no end.
            }

            if (line.Length < 35 || line[32] != ' ' || !UInt128.TryParse(line.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash))
            {
                throw new LlamaxException($"{path}, line {number}: no translation as Llamax keeps them. Remove the file, or the line.");
            }

            try
            {
                known.TryAdd(hash, JsonSerializer.Deserialize<string>(line.AsSpan(33)) ?? "");
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
