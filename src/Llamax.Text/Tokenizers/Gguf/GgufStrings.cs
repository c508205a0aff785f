using System.Text;

namespace Llamax.Text.Tokenizers.Gguf;

/// <summary>A list of texts in UTF-8, behind each other.</summary>
internal sealed class GgufStrings(byte[] bytes, int[] starts)
{
    /// <summary>How many there are.</summary>
    public int Count => starts.Length - 1;

    /// <summary>The bytes of one.</summary>
    public ReadOnlySpan<byte> this[int index] => bytes.AsSpan(starts[index], starts[index + 1] - starts[index]);

    /// <summary>One of them as text.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);
}
