namespace Llamax.Text.Tokenizers.Families;

/// <summary>A token with a name and an id of its own, which is looked for in text before anything else.</summary>
/// <param name="Name">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether it steers the model: it is decoded to nothing, and not looked for in text that must not steer.</param>
internal sealed record AddedToken(string Name, int Id, bool Special)
{
    /// <summary>Whether white space before it belongs to it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Whether white space after it belongs to it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Whether it counts only between spaces and the ends of the text.</summary>
    public bool SingleWord { get; init; }
}
