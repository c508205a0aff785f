using Llamax.Models.Checkpoints.Pickles;
using Llamax.Models.Safetensors;

namespace Llamax.Models.Checkpoints;

/// <summary>Opens files of tensors by what they are, not by what they are called.</summary>
public static class TensorFiles
{
    /// <summary>Opens a safetensors file or a PyTorch checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LlamaxException">It is missing, broken, or of another format.</exception>
    public static TensorFile Open(string path) => LooksPickled(path) ? PickleFile.Open(path) : SafetensorsFile.Open(path);

    /// <summary>A zip archive starts with its mark, a pickle with its protocol; the ninth byte of safetensors is a brace.</summary>
    private static bool LooksPickled(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[9];
            var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return read == start.Length && start[8] != '{' && (start.StartsWith("PK\x03\x04"u8) || (start[0] == 0x80 && start[1] is >= 2 and <= 5));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new LlamaxException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }
}
