using Llamax.Text.Tokenizers.Bpe;

namespace Llamax.Text.Tokenizers.ByteLevel;

/// <summary>What makes a byte-level tokenizer.</summary>
internal sealed record ByteLevelDefinition
{
    /// <summary>All ids; those of named tokens hold the name in UTF-8.</summary>
    public required ByteVocabulary Vocabulary { get; init; }

    /// <summary>Which tokens merge.</summary>
    public required MergeTable Merges { get; init; }

    /// <summary>How text is cut into words.</summary>
    public required SplitPattern Pattern { get; init; }

    /// <summary>Whether a word that is a token is that token, whatever merging would make of it.</summary>
    public bool WholeWordsFirst { get; init; }

    /// <summary>Names of the tokens that steer the model; found in text where the caller wants that, and decoded to nothing.</summary>
    public IReadOnlyDictionary<string, int> Special { get; init; } = new Dictionary<string, int>();

    /// <summary>Names of the tokens that are text, but always found in it first.</summary>
    public IReadOnlyDictionary<string, int> UserDefined { get; init; } = new Dictionary<string, int>();

    /// <summary>Begin-of-sentence id.</summary>
    public int? BosId { get; init; }

    /// <summary>End-of-sentence id.</summary>
    public int? EosId { get; init; }

    /// <summary>Padding id.</summary>
    public int? PadId { get; init; }

    /// <summary>Whether the model expects BOS before a text.</summary>
    public bool AddBos { get; init; }

    /// <summary>Whether the model expects EOS after a text.</summary>
    public bool AddEos { get; init; }
}
