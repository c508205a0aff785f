namespace Llamax.Text.Tokenizers.HuggingFace.Added;

/// <summary>A token that is found in text before the model sees it.</summary>
internal sealed record AddedToken(string Content)
{
    /// <summary>Whether it counts only where no word goes on at its sides.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it takes the white space on its left.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Whether it takes the white space on its right.</summary>
    public bool StripRight { get; init; }

    /// <summary>Whether it is looked for, normalised, in the normalised text.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether it steers the model: it gives no text, and <see cref="SpecialTokens.Text"/> passes over it.</summary>
    public bool Special { get; init; }
}
