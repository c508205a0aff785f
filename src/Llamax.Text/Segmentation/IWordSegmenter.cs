namespace Llamax.Text.Segmentation;

/// <summary>Cuts a sentence into words, for dictionary lookup and for counting. Thread-safe.</summary>
public interface IWordSegmenter
{
    /// <summary>
    /// Appends the parts of <paramref name="text"/> in order. The parts follow each other without gap or overlap and
    /// cover the whole text, so what is not a word (spaces, punctuation) is a part too, with IsWord false.
    /// </summary>
    /// <param name="text">A sentence.</param>
    /// <param name="segments">Receives start, length (in chars) and whether the part is a word.</param>
    void Segment(ReadOnlySpan<char> text, List<(int Start, int Length, bool IsWord)> segments);
}
