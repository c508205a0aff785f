using System.Text;
using Llamax.Text.Files;

namespace Llamax.Translation.Translating;

/// <summary>
/// A file of lines that is written in pieces under <c>NAME.partial</c> and gets its name when it is whole. A later
/// run with the same settings goes on behind the last whole line; <c>NAME.partial.settings</c> says what they were. While
/// it is open nobody else writes it.
/// </summary>
public sealed class ResumableOutput : IAsyncDisposable
{
    private readonly string path;
    private readonly FileStream stream; // Locked: of two runs to the same name, one would pass off the other's lines as its own.

    private ResumableOutput(string path, FileStream stream, long lines)
    {
        (this.path, this.stream) = (path, stream);
        FinishedLines = lines;
    }

    /// <summary>Whole lines that an earlier run left.</summary>
    public long FinishedLines { get; }

    /// <summary>The files beside an output that are written until it is whole.</summary>
    /// <param name="path">The file's final name.</param>
    public static (string Partial, string Settings) NamesFor(string path) => ($"{path}.partial", $"{path}.partial.settings");

    /// <summary>Begins or goes on.</summary>
    /// <param name="path">The file's final name.</param>
    /// <param name="settings">Everything that the lines depend on; an earlier run's must be the same.</param>
    /// <param name="resume">False where an earlier run's lines cannot be trusted to belong to this input.</param>
    /// <exception cref="LlamaxException">
    /// An earlier run had other settings, another run or program has the file open, or a file of that name is not of any run.
    /// </exception>
    public static ResumableOutput Open(string path, string settings, bool resume = true)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var (partial, note) = NamesFor(full);
        var written = LockedFile.TryOpen(partial)
            ?? throw new LlamaxException($"{partial} is open elsewhere: another run writes {path}. Wait for its end, or write to another file.");
        try
        {
            return new ResumableOutput(full, written, Begin(written, note, settings, resume));
        }
        catch
        {
            written.Dispose();
            throw;
        }
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
    /// <exception cref="IOException">It cannot be renamed; a later run goes on from here.</exception>
    public void Complete()
    {
        // All of it before the lock is gone: whatever bears these names then is another run's.
        var (partial, note) = NamesFor(path);
        var settings = File.ReadAllText(note);
        File.Delete(note);
        try
        {
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            AtomicFile.WriteText(note, settings);
            throw;
        }

        stream.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    /// <summary>Makes the file ready for what comes next; returns the lines that are there.</summary>
    private static long Begin(FileStream written, string note, string settings, bool resume)
    {
        var earlier = File.Exists(note) ? File.ReadAllText(note) : null;
        if (earlier is null && written.Length > 0)
        {
            throw new LlamaxException(
                $"{written.Name} is there and no run began it: {note} is missing, which would say with what settings. Give it another name, or write to another file.");
        }

        if (resume && earlier is not null && written.Length > 0 && earlier != settings)
        {
            throw new LlamaxException(
                $"{written.Name} was begun with other settings or another input. Run with the same ones to go on, or delete it and {note} to start over.\n"
                + $"then: {earlier}\nnow:  {settings}");
        }

        if (!resume)
        {
            written.SetLength(0);
        }

        if (earlier != settings)
        {
            AtomicFile.WriteText(note, settings);
        }

        return KeepWholeLines(written);
    }

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
