namespace Llamax.Text.Tokenizers.Training;

/// <summary>Two pieces that have stood side by side.</summary>
internal struct SymbolPair
{
    /// <summary>The first piece.</summary>
    public int Left;

    /// <summary>The second piece.</summary>
    public int Right;

    /// <summary>Where the symbols of both together begin in the table.</summary>
    public int Begin;

    /// <summary>Number of symbols.</summary>
    public int Length;

    /// <summary>How often the two stand side by side now.</summary>
    public long Count;

    /// <summary>The places where they do, ascending, are linked from here.</summary>
    public int FirstPlace;

    public int LastPlace;

    public bool IsQueued;

    public bool IsDone;
}
