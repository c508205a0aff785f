namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary>What becomes of the matches of a pattern at which a text is cut. The names are the library's.</summary>
internal enum SplitBehavior
{
    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>They are left out.</summary>
    Removed,

    /// <summary>Each ends the piece before it; of several in a row only the first.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the piece behind it; of several in a row only the last.</summary>
    MergedWithNext,

    /// <summary>Those in a row are one piece.</summary>
    Contiguous,
}
