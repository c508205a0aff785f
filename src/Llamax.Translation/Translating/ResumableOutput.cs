using System.Text;
using Llamax.Text.Files;

namespace Llamax.Translation.Translating;

/// <summary>
/// A file of lines that is written in pieces under <c>NAME.partial</c> and gets its name when it is whole. A later
/// run with the same settings goes on behind the last whole line; <c>NAME.partial.settings</c> says what they were.
/// </summary>
public sealed class ResumableOutput : IAsyncDisposable
{
    private readonly string path;
    private readonly FileStream stream;

    private ResumableOutput(string path, FileStream stream, long lines)
    {
        (this.path, this.stream) = (path, stream);
        FinishedLines = lines;
    }

    /// <summary>Whole lines that an earlier run left.</summary>
    public long FinishedLines { get; }

    /// <summary>Begins or goes on.</summary>
    /// <param name="path">The file's final name.</param>
    /// <param name="settings">Everything that the lines depend on; an earlier run's must be the same.</param>
    /// <param name="resume">False where an earlier run's lines cannot be trusted to belong to this input.</param>
    /// <exception cref="LlamaxException">An earlier run had other settings.</exception>
    public static ResumableOutput Open(string path, string settings, bool resume = true)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var (partial, note) = (full + ".partial", full + ".partial.settings");
        if (!resume || !File.Exists(note) || !File.Exists(partial))
        {
            File.Delete(partial);
            AtomicFile.WriteText(note, settings);
        }
        else if (File.ReadAllText(note) is var earlier && earlier != settings)
        {
            throw new LlamaxException(
                $"{partial} was begun with other settings or another input. Run with the same ones to go on, or delete it and {note} to start over.\n"
                + $"then: {earlier}\nnow:  {settings}");
        }

        var written = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var lines = KeepWholeLines(written);
        return new ResumableOutput(full, written, lines);
    }

    /// <summary>Writes lines and hands them to the disk.</summary>
    /// <param name="lines">Without line ends.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public async Task WriteAsync(IEnumerable<string> lines, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete()
    {
        stream.Dispose();
        File.Move(path + ".partial", path, overwrite: true);
        File.Delete(path + ".partial.settings");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    /// <summary>Cuts off what stands behind the last line end, counts the lines, and goes to the end.</summary>
    private static long KeepWholeLines(FileStream written)
    {
        var buffer = new byte[1 << 16];
        var (lines, whole) = (0L, 0L);
        for (int read; (read = written.Read(buffer)) > 0;)
        {
            var span = buffer.AsSpan(0, read);
            lines += span.Count((byte)'\n');
            if (span.LastIndexOf((byte)'\n') is >= 0 and var last)
            {
                whole = written.Position - read + last + 1;
            }
        }

        written.SetLength(whole);
        written.Position = whole;
        return lines;
    }
}
