using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Llamax.Cli;

/// <summary>
/// Lines in, lines out, as bytes: what is no valid UTF-8 reaches the work as it is. A line ends at a line feed on every
/// system; a carriage return before it is part of the line, as it is to spm_encode.
/// </summary>
internal static class StandardStreams
{
    private const int BufferSize = 1 << 18;

    /// <summary>Bytes in the longest line, its line feed aside: far beyond any text, and far from where an array ends.</summary>
    private const int LongestLine = 1 << 27;

    private const int BrokenPipe = 32; // EPIPE, on Linux as on macOS.

    /// <summary>What is done with a line.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="output">Receives what is to be printed, without the line end.</param>
    internal delegate void LineWork(ReadOnlySpan<byte> line, long number, ArrayBufferWriter<byte> output);

    /// <summary>Passes each line of standard input through <paramref name="work"/> to standard output.</summary>
    /// <param name="work">What is done with a line.</param>
    /// <param name="cancellationToken">Ends the work, also while it waits for input.</param>
    public static Task TransformAsync(LineWork work, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var input = Console.OpenStandardInput();
                using var output = OpenOutput();
                Transform(input, output, work, cancellationToken);
            },
            cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Whether a failure says that nobody reads on at the other end of a pipe.</summary>
    /// <param name="exception">What writing threw.</param>
    internal static bool IsBrokenPipe(IOException exception) => !OperatingSystem.IsWindows() && exception.HResult == BrokenPipe;

    /// <summary>Whatever has been read is answered before more is asked for, so that a person or a program at the other end can wait for it.</summary>
    internal static void Transform(Stream input, Stream output, LineWork work, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var answers = new ArrayBufferWriter<byte>(BufferSize);
        var (filled, searched, number) = (0, 0, 0L);
        for (var count = input.Read(buffer, 0, buffer.Length); count > 0; count = input.Read(buffer, filled, buffer.Length - filled))
        {
            filled += count;
            var start = 0;
            for (var end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n'); end >= 0; end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n'))
            {
                end += searched;
                cancellationToken.ThrowIfCancellationRequested();
                Answer(buffer.AsSpan(start, end - start));
                (start, searched) = (end + 1, end + 1);
            }

            Write();
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            searched = filled;
            if (filled > LongestLine)
            {
                throw new LlamaxException($"standard input, line {number + 1}: longer than {LongestLine >> 20} MiB. Put line breaks into it.");
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(2 * filled, LongestLine + 1));
            }
        }

        if (filled > 0)
        {
            Answer(buffer.AsSpan(0, filled));
            Write();
        }

        void Answer(ReadOnlySpan<byte> line)
        {
            var answered = answers.WrittenCount;
            try
            {
                work(line, ++number, answers);
            }
            catch
            {
                // The lines before this one have their answers all the same.
                output.Write(answers.WrittenSpan[..answered]);
                throw;
            }

            answers.Write("\n"u8);
            if (answers.WrittenCount > BufferSize)
            {
                Write();
            }
        }

        void Write()
        {
            output.Write(answers.WrittenSpan);
            answers.ResetWrittenCount();
        }
    }

    /// <summary>
    /// .NET's console stream takes a broken pipe for success and would be written to for ever; a file stream says it. Where
    /// output goes to a file, which has no reader to lose, the console's is the right one: it moves the offset that
    /// programs share, as in <c>(a; b) > file</c>.
    /// </summary>
    internal static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!stream.CanSeek)
        {
            return stream;
        }

        stream.Dispose();
        return Console.OpenStandardOutput();
    }
}
