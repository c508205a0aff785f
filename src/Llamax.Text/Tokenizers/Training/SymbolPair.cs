namespace Llamax.Text.Tokenizers.Training;

/// <summary>Two pieces that have stood side by side.</summary>
internal struct SymbolPair
{
    /// <summary>How often the two stand side by side now.</summary>
    public long Count;

    /// <summary>The first piece.</summary>
    public int Left;

    /// <summary>The second piece.</summary>
    public int Right;

    /// <summary>The places where they stand, ascending, are linked from here.</summary>
    public int FirstPlace;

    public int LastPlace;

    /// <summary>Number of symbols of both together.</summary>
    public short Length;

    public bool IsQueued;

    public bool IsDone;
}
