namespace Llamax.Text.Tokenizers.HuggingFace.Json;

/// <summary>Where a place in a file is, for messages.</summary>
internal static class JsonPosition
{
    /// <summary>The line of a byte offset, from 1 on.</summary>
    public static int Line(ReadOnlySpan<byte> json, long offset) =>
        json[..(int)Math.Min(json.Length, offset)].Count((byte)'\n') + 1;
}
