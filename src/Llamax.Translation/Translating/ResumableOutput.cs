using System.Text;
using Llamax.Text.Files;

namespace Llamax.Translation.Translating;

/// <summary>
/// A file of lines that is written in pieces under <c>NAME.partial</c> and gets its name when it is whole. A later
/// run with the same settings goes on behind the last whole line; <c>NAME.partial.settings</c> says what they were. While
/// it is open nobody else writes it. Pipes and devices are written straight to, and there is nothing to go on from.
/// </summary>
public sealed class ResumableOutput : IAsyncDisposable
{
    private readonly OutputPlace target;
    private readonly Stream stream; // A file is locked: of two runs to the same name, one would pass off the other's lines as its own.
    private readonly ResumeNote settings;
    private long written;

    private ResumableOutput(OutputPlace place, Stream stream, ResumeNote settings, long lines)
    {
        (target, this.stream, this.settings, written) = (place, stream, settings, lines);
        FinishedLines = lines;
    }

    /// <summary>Whole lines that an earlier run left.</summary>
    public long FinishedLines { get; }

    /// <summary>What the earlier run told <see cref="WriteAsync"/> of the input that these lines were made of.</summary>
    public string? FinishedInput => FinishedLines > 0 ? settings.Read : null;

    /// <summary>Whether a run that is interrupted leaves what a later one goes on from.</summary>
    public bool IsResumable => target.IsFile;

    /// <summary>The file that is written until it is whole, where there is one.</summary>
    public string Partial => NamesFor(target.Path).Partial;

    /// <summary>The files beside an output that are written until it is whole.</summary>
    /// <param name="path">The file's final name.</param>
    public static (string Partial, string Settings) NamesFor(string path) => ($"{path}.partial", $"{path}.partial.settings");

    /// <summary>Begins or goes on.</summary>
    /// <param name="path">The file's final name; or a link to it, a pipe or a device.</param>
    /// <param name="settings">Everything that the lines depend on, by the names that the user knows; an earlier run's must be the same.</param>
    /// <param name="tellsInput">
    /// Whether <see cref="WriteAsync"/> is told what was read, because the settings cannot tell the input from another: lines of
    /// which an earlier run did not come to tell are cut off.
    /// </param>
    /// <exception cref="LlamaxException">
    /// An earlier run had other settings, another run or program has the file open, a file of that name is not of any run, or
    /// nothing can be written there.
    /// </exception>
    public static ResumableOutput Open(string path, IReadOnlyDictionary<string, string> settings, bool tellsInput = false)
    {
        var place = OutputPlace.Of(path);
        if (!place.IsFile)
        {
            return new ResumableOutput(place, place.OpenStream(), new ResumeNote(settings), lines: 0);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place.Path)!);
        var (partial, note) = NamesFor(place.Path);
        var opened = LockedFile.TryOpen(partial)
            ?? throw new LlamaxException($"{partial} is open elsewhere: another run writes {path}. Wait for its end, or write to another file.");
        try
        {
            var (known, lines) = Begin(opened, note, settings, tellsInput);
            return new ResumableOutput(place, opened, known, lines);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Writes lines and hands them to the disk.</summary>
    /// <param name="lines">Without line ends.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <param name="input">What tells the input up to here from another, where the settings do not; a later run finds it as <see cref="FinishedInput"/>.</param>
    public async Task WriteAsync(IEnumerable<string> lines, CancellationToken cancellationToken, string? input = null)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
            written++;
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (!IsResumable)
        {
            // Writing to a pipe waits for somebody who reads, and does not look at the token.
            await stream.WriteAsync(bytes, cancellationToken).AsTask().WaitAsync(cancellationToken);
            return;
        }

        await stream.WriteAsync(bytes, cancellationToken);
        ((FileStream)stream).Flush(flushToDisk: true);
        if (input is not null)
        {
            (settings with { Lines = written, Read = input }).Save(NamesFor(target.Path).Settings); // Never says more than what is on the disk.
        }
    }

    /// <summary>Says what is wrong where the input is not the one that an earlier run's lines were made of.</summary>
    /// <param name="input">What the user calls the input.</param>
    public LlamaxException OtherInput(string input) =>
        new($"{input} does not begin with the {FinishedLines:N0} lines that {Partial} was made of. {Mending(Partial)}");

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="IOException">It cannot be renamed; a later run goes on from here.</exception>
    public void Complete()
    {
        if (!IsResumable)
        {
            return;
        }

        // All of it before the lock is gone: whatever bears these names then is another run's.
        var (partial, note) = NamesFor(target.Path);
        var last = File.ReadAllText(note);
        File.Delete(note);
        try
        {
            File.Move(partial, target.Path, overwrite: true);
        }
        catch
        {
            AtomicFile.WriteText(note, last);
            throw;
        }

        stream.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    /// <summary>Makes the file ready for what comes next; returns what is known of the lines that are there, and their number.</summary>
    private static (ResumeNote Known, long Lines) Begin(FileStream file, string note, IReadOnlyDictionary<string, string> settings, bool tellsInput)
    {
        var earlier = ResumeNote.Load(note);
        if (earlier is null && file.Length > 0)
        {
            throw new LlamaxException(
                $"{file.Name} is there and no run began it: {note} is missing, which would say with what settings. Give it another name, or write to another file.");
        }

        if (earlier is not null && file.Length > 0 && earlier.Differences(settings) is { Length: > 0 } differences)
        {
            throw new LlamaxException($"{file.Name} was begun with other settings: {differences}. {Mending(file.Name)}");
        }

        var known = earlier is not null && file.Length > 0 ? earlier : new ResumeNote(settings);
        if (known != earlier)
        {
            known.Save(note);
        }

        var lines = KeepWholeLines(file, tellsInput ? known.Lines : long.MaxValue);
        return lines >= known.Lines ? (known, lines) : throw new LlamaxException(
            $"{file.Name} has {lines:N0} lines, and {note} tells of {known.Lines:N0}. Remove both to start over.");
    }

    private static string Mending(string partial) => $"Give the same as before to go on, or remove {partial} and {partial}.settings to start over.";

    /// <summary>Cuts off what stands behind the last line end, or behind so many lines, counts the lines, and goes to the end.</summary>
    private static long KeepWholeLines(FileStream file, long most)
    {
        var buffer = new byte[1 << 16];
        var (lines, whole) = (0L, 0L);
        for (int read; lines < most && (read = file.Read(buffer)) > 0;)
        {
            var start = file.Position - read;
            for (int at = 0, next; lines < most && (next = buffer.AsSpan(at, read - at).IndexOf((byte)'\n')) >= 0; at += next + 1)
            {
                lines++;
                whole = start + at + next + 1;
            }
        }

        file.SetLength(whole);
        file.Position = whole;
        return lines;
    }
}
