namespace Llamax.Text.Tokenizers.Extending;

/// <summary>A string that may become a piece.</summary>
internal sealed class PieceCandidate(string text)
{
    public string Text => text;

    /// <summary>No fewer tokens than what the piece would save; exact when it was last counted.</summary>
    public long Bound { get; set; }

    /// <summary>Where it stands in the words, and perhaps no longer does.</summary>
    public List<int> Places { get; set; } = [];

    /// <summary>Whether it is to be queued again with a higher bound.</summary>
    public bool Touched { get; set; }

    /// <summary>Most tokens saved first, then the shorter, then by the order of characters.</summary>
    public static int Order((long Bound, PieceCandidate Candidate) a, (long Bound, PieceCandidate Candidate) b) =>
        a.Bound != b.Bound ? b.Bound.CompareTo(a.Bound)
        : a.Candidate.Text.Length != b.Candidate.Text.Length ? a.Candidate.Text.Length.CompareTo(b.Candidate.Text.Length)
        : string.CompareOrdinal(a.Candidate.Text, b.Candidate.Text);
}
