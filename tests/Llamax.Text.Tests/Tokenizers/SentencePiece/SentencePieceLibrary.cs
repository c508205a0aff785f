using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Llamax.Testing;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>
/// The SentencePiece library itself, through Debian's Python, for what a program that works by lines cannot take:
/// texts with line breaks, with zeros and of invalid UTF-8. Answers come in the order of the questions.
/// </summary>
internal sealed class SentencePieceLibrary : IDisposable
{
    private const string Python = "/usr/bin/python3";

    // A question is its kind (one byte), a length and so many bytes; an answer a length and so many bytes. Kind 3 has none.
    private const string Script = """
        import struct, sys, sentencepiece
        model = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
        source, target = sys.stdin.buffer, sys.stdout.buffer
        text_of = lambda piece: piece if isinstance(piece, bytes) else piece.encode('utf-8', 'surrogateescape')
        while True:
            head = source.read(5)
            if len(head) < 5:
                break
            kind, length = struct.unpack('<BI', head)
            data = source.read(length)
            if kind == 3:
                target.flush()
                continue
            if kind == 0:
                ids = model.encode(data)
                answer = struct.pack(f'<{len(ids)}i', *ids)
            elif kind == 1:
                pieces = [text_of(piece) for piece in model.encode_as_pieces(data)]
                answer = b''.join(struct.pack('<I', len(piece)) + piece for piece in pieces)
            else:
                answer = text_of(model.decode(list(struct.unpack(f'<{length // 4}i', data))))
            target.write(struct.pack('<I', len(answer)) + answer)
        """;

    private static readonly Lazy<bool> IsInstalled = new(() =>
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var probe = Start("import sentencepiece");
        probe.StandardError.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0;
    });

    private readonly Process process;
    private readonly Task<string> errors;

    /// <summary>Loads a model; skips the calling test where the library is not installed.</summary>
    public SentencePieceLibrary(string model)
    {
        Require();
        process = Start(Script, model);
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Skips the calling test where the library is not installed.</summary>
    public static void Require()
    {
        Assert.SkipUnless(IsInstalled.Value, $"needs {Python} with SentencePiece: apt-get install python3-sentencepiece");
    }

    /// <summary>The ids of each text; none where the library gives the text up.</summary>
    public List<int[]> Ids(IReadOnlyList<byte[]> texts) => Ask(0, texts, answer => MemoryMarshal.Cast<byte, int>(answer).ToArray());

    /// <summary>The pieces of each text; none where the library gives the text up.</summary>
    public List<string[]> Pieces(IReadOnlyList<byte[]> texts) => Ask(1, texts, answer =>
    {
        var pieces = new List<string>();
        for (var rest = answer.AsSpan(); !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            pieces.Add(Encoding.UTF8.GetString(rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        return pieces.ToArray();
    });

    /// <summary>The text of each sequence of ids.</summary>
    public List<string> Texts(IReadOnlyList<int[]> sequences) =>
        Ask(2, [.. sequences.Select(ids => MemoryMarshal.AsBytes(ids.AsSpan()).ToArray())], Encoding.UTF8.GetString);

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Python, ["-c", .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private List<T> Ask<T>(byte kind, IReadOnlyList<byte[]> questions, Func<byte[], T> read)
    {
        var asking = Task.Run(() =>
        {
            var target = new BufferedStream(process.StandardInput.BaseStream, 1 << 16);
            Span<byte> head = stackalloc byte[5];
            foreach (var question in questions)
            {
                head[0] = kind;
                BinaryPrimitives.WriteInt32LittleEndian(head[1..], question.Length);
                target.Write(head);
                target.Write(question);
            }

            head[0] = 3; // That is all: what waits in the other's buffer may come.
            BinaryPrimitives.WriteInt32LittleEndian(head[1..], 0);
            target.Write(head);
            target.Flush();
        });
        var source = process.StandardOutput.BaseStream;
        var answers = new List<T>(questions.Count);
        for (var i = 0; i < questions.Count; i++)
        {
            answers.Add(read(Read(source, new byte[BinaryPrimitives.ReadInt32LittleEndian(Read(source, new byte[4]))])));
        }

        asking.Wait();
        return answers;
    }

    private byte[] Read(Stream source, byte[] bytes)
    {
        try
        {
            source.ReadExactly(bytes);
            return bytes;
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidOperationException("the library stopped: " + errors.Result, exception);
        }
    }
}
