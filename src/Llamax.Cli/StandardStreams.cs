using System.Buffers;

namespace Llamax.Cli;

/// <summary>
/// Lines in, lines out, as bytes: what is no valid UTF-8 reaches the work as it is. A line ends at a line feed on every
/// system; a carriage return before it is part of the line, as it is to spm_encode.
/// </summary>
internal static class StandardStreams
{
    private const int BufferSize = 1 << 18;

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
                using var output = Console.OpenStandardOutput();
                Transform(input, output, work, cancellationToken);
            },
            cancellationToken).WaitAsync(cancellationToken);

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
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * filled, Array.MaxLength));
            }
        }

        if (filled > 0)
        {
            Answer(buffer.AsSpan(0, filled));
            Write();
        }

        void Answer(ReadOnlySpan<byte> line)
        {
            work(line, ++number, answers);
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
}
