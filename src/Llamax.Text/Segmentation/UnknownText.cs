namespace Llamax.Text.Segmentation;

/// <summary>What becomes of text that no word of the lexicon covers, in scripts without spaces.</summary>
public enum UnknownText
{
    /// <summary>A stretch of one script is one word: a run of katakana, a name in Thai letters.</summary>
    Runs,

    /// <summary>Each character (with its marks) is a word, as suits Chinese, where most are.</summary>
    Characters,
}
