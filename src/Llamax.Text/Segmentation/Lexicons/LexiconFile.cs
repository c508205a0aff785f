using System.Buffers;
using System.Text.Unicode;
using Llamax.Text.Files;

namespace Llamax.Text.Segmentation.Lexicons;

/// <summary>Steps through the lines of a file of words, which must be UTF-8.</summary>
internal ref struct LexiconFile
{
    private const int LongestFile = 256 << 20;

    private readonly string path;
    private readonly char[] characters = new char[WordPool.LongestWord];
    private ReadOnlySpan<byte> left;

    /// <summary>Reads the file.</summary>
    /// <exception cref="LlamaxException">It cannot be read or is longer than 256 MiB.</exception>
    public LexiconFile(string path)
    {
        this.path = path;
        try
        {
            var length = FileStamp.Of(path).Length;
            left = length <= LongestFile ? File.ReadAllBytes(path) : throw new LlamaxException($"{path} has more than 256 MiB; this is no list of words.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }

        Size = left.Length;
        Lines = left.Count((byte)'\n') + 1;
        left = WithoutMark(left);
    }

    /// <summary>The file's length in bytes.</summary>
    public int Size { get; }

    /// <summary>The number of its lines, rounded up.</summary>
    public int Lines { get; }

    /// <summary>The line that is at hand, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The line that is at hand, without white space (ASCII) and byte order marks around it.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>Goes on to the next line that is not empty.</summary>
    public bool Next()
    {
        while (!left.IsEmpty)
        {
            var end = left.IndexOf((byte)'\n');
            Line = WithoutMark((end < 0 ? left : left[..end]).Trim(" \t\r\v\f"u8));
            left = end < 0 ? default : left[(end + 1)..];
            Number++;
            if (!Line.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A word of this line as characters, which last until the next call.</summary>
    /// <exception cref="LlamaxException">It is no UTF-8, or longer than any word.</exception>
    public readonly ReadOnlySpan<char> Word(ReadOnlySpan<byte> word)
    {
        var status = Utf8.ToUtf16(word, characters, out _, out var length, replaceInvalidSequences: false);
        return status switch
        {
            OperationStatus.Done => characters.AsSpan(0, length),
            OperationStatus.DestinationTooSmall => throw Error($"a word of more than {WordPool.LongestWord} characters. Expected one word a line."),
            _ => throw Error("this is not UTF-8. Convert the file, for example with iconv."),
        };
    }

    /// <summary>An error that names the file and the line.</summary>
    public readonly LlamaxException Error(string message) => new($"{path}:{Number}: {message}");

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line)
    {
        while (line.StartsWith("\uFEFF"u8))
        {
            line = line["\uFEFF"u8.Length..];
        }

        return line;
    }
}
