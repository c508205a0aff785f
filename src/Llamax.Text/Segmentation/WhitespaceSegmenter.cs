namespace Llamax.Text.Segmentation;

/// <summary>
/// Words of languages that put spaces between them: runs of letters, marks and digits, with the apostrophes and hyphens
/// inside them (<c>l'homme</c>, <c>vis-à-vis</c>). Whatever lies between two words is one part.
/// </summary>
public sealed class WhitespaceSegmenter : IWordSegmenter
{
    /// <inheritdoc/>
    public void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments)
    {
        for (var start = 0; start < text.Length;)
        {
            TextElement.End(text, start, out var kind);
            var isWord = kind is ElementKind.Spaced or ElementKind.Unspaced;
            var end = isWord ? TextElement.EndOfWord(text, start, stopAtUnspaced: false) : TextElement.EndOfRest(text, start);
            segments.Add((start, end - start, isWord));
            start = end;
        }
    }
}
