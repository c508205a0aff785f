namespace Llamax.Translation.Translating;

/// <summary>
/// Takes the lines of an input in groups that are translated together. A group has as many lines as take about half a minute:
/// more side by side is faster, and what is not written yet is what a crash costs. It ends sooner where the next line is not
/// there yet, so that whoever waits for an answer before the next line gets it.
/// </summary>
/// <param name="reader">The input; nobody else reads on from it.</param>
public sealed class LineGroups(LineReader reader)
{
    private const int FirstSize = 32;
    private const int SmallestSize = 8;
    private const int LargestSize = 1 << 13;

    /// <summary>The most by which the first lines, which may be short, are believed.</summary>
    private const int Growth = 4;

    /// <summary>How many times as long as models were loaded is translated with them.</summary>
    private const int LoadingShare = 4;

    private static readonly TimeSpan Wanted = TimeSpan.FromSeconds(30);

    /// <summary>A program that writes line after line is not slower than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private Task<string?>? next; // Being waited for while what came before it is translated.

    /// <summary>Lines of the next group at most.</summary>
    public int Size { get; private set; } = FirstSize;

    /// <summary>The next lines; none at the end.</summary>
    /// <param name="cancellationToken">Stops waiting for input.</param>
    /// <exception cref="LlamaxException">A line is too long.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < Size)
        {
            next ??= reader.ReadAsync(cancellationToken).AsTask();
            if (lines.Count > 0 && !next.IsCompleted && await Task.WhenAny(next, Task.Delay(Patience, cancellationToken)) != next)
            {
                break;
            }

            if (await next is not { } line)
            {
                break;
            }

            lines.Add(line);
            next = null;
        }

        return lines;
    }

    /// <summary>Says how long a group took, by which the next one is measured.</summary>
    /// <param name="lines">Its lines.</param>
    /// <param name="time">From its reading to its writing.</param>
    /// <param name="loading">How much of it went by while models were loaded, which each group pays for and a larger one no dearer.</param>
    public void Took(int lines, TimeSpan time, TimeSpan loading = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lines, 1);
        var (wanted, taken) = (Wanted + (LoadingShare * loading), TimeSpan.FromTicks(Math.Max(1, (time - loading).Ticks)));
        Size = (int)Math.Clamp(lines * (wanted / taken), SmallestSize, Math.Min(LargestSize, (long)Growth * Size));
    }
}
