using System.Text;

namespace Llamax.Cli;

/// <summary>Lines in, lines out: UTF-8 without a byte order mark, buffered, a line feed ends a line on every system.</summary>
internal static class StandardStreams
{
    private const int BufferSize = 1 << 16;

    /// <summary>Passes each line of standard input through <paramref name="line"/> to standard output.</summary>
    /// <param name="line">Appends what is to be printed for a line with its number, from 1, without the line end.</param>
    /// <param name="cancellationToken">Ends the work, also while it waits for input.</param>
    public static Task TransformAsync(Action<string, long, StringBuilder> line, CancellationToken cancellationToken) =>
        Task.Run(() => Transform(line, cancellationToken), cancellationToken).WaitAsync(cancellationToken);

    private static void Transform(Action<string, long, StringBuilder> line, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8, detectEncodingFromByteOrderMarks: false, BufferSize);
        using var output = Console.OpenStandardOutput();
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize);
        writer.AutoFlush = !Console.IsInputRedirected; // A person at the keyboard sees each answer at once.
        var answer = new StringBuilder();
        var number = 0L;
        foreach (var text in Lines(reader))
        {
            cancellationToken.ThrowIfCancellationRequested();
            answer.Clear();
            line(text, ++number, answer);
            writer.Write(answer.Append('\n'));
        }
    }

    /// <summary>Lines that end with a line feed, or a carriage return and a line feed; a lone carriage return is text.</summary>
    internal static IEnumerable<string> Lines(TextReader reader)
    {
        var buffer = new char[BufferSize];
        var rest = new StringBuilder();
        for (var count = reader.Read(buffer); count > 0; count = reader.Read(buffer))
        {
            var start = 0;
            for (var end = buffer.AsSpan(0, count).IndexOf('\n'); end >= 0; end = buffer.AsSpan(start, count - start).IndexOf('\n'))
            {
                rest.Append(buffer, start, end);
                yield return Finish(rest);
                start += end + 1;
            }

            rest.Append(buffer, start, count - start);
        }

        if (rest.Length > 0)
        {
            yield return Finish(rest);
        }
    }

    private static string Finish(StringBuilder line)
    {
        var text = line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
        line.Clear();
        return text;
    }
}
