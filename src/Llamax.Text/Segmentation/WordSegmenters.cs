using Llamax.Text.Languages;

namespace Llamax.Text.Segmentation;

/// <summary>Chooses how a language is cut into words.</summary>
public static class WordSegmenters
{
    /// <summary>The segmenter for a language, by how it separates words.</summary>
    /// <param name="language">Its <see cref="Language.Words"/> decides; a language of which that is not known counts as one with spaces.</param>
    /// <param name="lexicon">The words that are known of it; not read for languages with spaces.</param>
    public static IWordSegmenter For(Language language, IEnumerable<string> lexicon) => language.Words switch
    {
        null or "spaces" => new WhitespaceSegmenter(),
        "chinese" => new MaximumMatchSegmenter(lexicon, UnknownText.Characters),
        _ => new MaximumMatchSegmenter(lexicon),
    };
}
