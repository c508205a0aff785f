using System.Diagnostics;
using Llamax.Testing;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>A reference program that answers every line with a line, for so many that they should not lie in memory.</summary>
internal static class LineProgram
{
    /// <summary>Handles the program's answers in turn, while it is being asked.</summary>
    public static void Run(string program, string[] arguments, Action<Stream> ask, Action<ReadOnlyMemory<byte>> handle)
    {
        using var process = Process.Start(new ProcessStartInfo(Shared.Program(program, "sentencepiece"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var asking = Task.Run(() =>
        {
            using var target = new BufferedStream(process.StandardInput.BaseStream, 1 << 16);
            ask(target);
        });
        try
        {
            Answers(process.StandardOutput.BaseStream, handle);
        }
        catch
        {
            process.Kill();
            throw;
        }

        asking.Wait();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
    }

    private static void Answers(Stream source, Action<ReadOnlyMemory<byte>> handle)
    {
        var buffer = new byte[1 << 20];
        var (start, end) = (0, 0);
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                handle(buffer.AsMemory(start, length));
                start += length + 1;
                continue;
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * end);
            }

            var read = source.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                return;
            }

            end += read;
        }
    }
}
