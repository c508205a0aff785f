using System.Text;

namespace Llamax.Translation.Translating;

/// <summary>
/// Reads lines that end with a line feed (a carriage return before it is dropped) and nothing else, so that line n here
/// is line n for every other tool, whatever stands inside the lines.
/// </summary>
/// <param name="reader">The text; it stays the caller's.</param>
/// <param name="name">What messages call it.</param>
public sealed class LineReader(TextReader reader, string name)
{
    private const int MaximalLength = 1 << 20;

    private readonly char[] buffer = new char[1 << 14];
    private int start, end;
    private long characters;

    /// <summary>Lines read so far.</summary>
    public long Count { get; private set; }

    /// <summary>Of the characters that were read, the share that lines were made of; the rest waits.</summary>
    public double Used => characters == 0 ? 0 : 1 - ((double)(end - start) / characters);

    /// <summary>The next line, or null at the end.</summary>
    /// <param name="cancellationToken">Stops waiting for input.</param>
    /// <exception cref="LlamaxException">A line is longer than 1,048,576 characters.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end)
            {
                // .NET's console does not look at the token once it waits for input.
                (start, end) = (0, await reader.ReadAsync(buffer.AsMemory(), cancellationToken).AsTask().WaitAsync(cancellationToken));
                characters += end;
                if (end == 0)
                {
                    return line.Length == 0 ? null : Finish(line);
                }
            }

            var feed = Array.IndexOf(buffer, '\n', start, end - start);
            line.Append(buffer, start, (feed < 0 ? end : feed) - start);
            start = feed < 0 ? end : feed + 1;
            if (line.Length > MaximalLength)
            {
                throw new LlamaxException($"{name}:{Count + 1}: the line has more than {MaximalLength:N0} characters.");
            }

            if (feed >= 0)
            {
                return Finish(line);
            }
        }
    }

    private string Finish(StringBuilder line)
    {
        Count++;
        return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
    }
}
