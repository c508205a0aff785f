namespace Llamax.Text.Segmentation;

/// <summary>A segmenter that cuts UTF-8 as it is. Thread-safe.</summary>
public interface IUtf8WordSegmenter : IWordSegmenter
{
    /// <summary>Appends the parts of <paramref name="text"/>, those of <see cref="IWordSegmenter.Segment"/>, counted in bytes.</summary>
    /// <param name="text">A sentence in UTF-8; each byte that is none counts as U+FFFD.</param>
    /// <param name="segments">Receives start, length (in bytes) and whether the part is a word.</param>
    void Segment(ReadOnlySpan<byte> text, List<(int Start, int Length, bool IsWord)> segments);
}
