namespace Llamax.Text.Tokenizers.HuggingFace.Models;

/// <summary>How a BPE model treats characters and words.</summary>
internal sealed record BpeSettings
{
    /// <summary>The token for characters that the vocabulary lacks; where null, they vanish.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether unknown characters that touch each other are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether byte tokens stand for characters that the vocabulary lacks.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a token is that token, whatever merging would make of it (<c>ignore_merges</c>).</summary>
    public bool WholeWordsFirst { get; init; }

    /// <summary>What is put before all characters of a word but the first, in UTF-8.</summary>
    public byte[] Prefix { get; init; } = [];

    /// <summary>What is put behind the last character of a word, in UTF-8.</summary>
    public byte[] Suffix { get; init; } = [];

    /// <summary>Whether there is a prefix or a suffix.</summary>
    public bool HasAffixes => Prefix.Length + Suffix.Length > 0;
}
