namespace Llamax.Text.Tokenizers.Bpe;

/// <summary>
/// Keys for hash tables over what files hold. They come from the runtime's hashes of strings, which differ from process to
/// process: nobody can choose the content of a file so that it collides.
/// </summary>
internal static class ProcessKey
{
    /// <summary>The key of a number; each number has its own.</summary>
    public static ulong Get(int number) => (ulong)Hash([(char)number, 'l']) << 32 | Hash([(char)number, 'r']);

    private static uint Hash(ReadOnlySpan<char> text) => (uint)string.GetHashCode(text, StringComparison.Ordinal);
}
