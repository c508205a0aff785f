using System.ComponentModel.DataAnnotations;
using Llamax.Text.Languages;
using Llamax.Text.Segmentation;
using Llamax.Text.Segmentation.Jieba;

namespace Llamax.Recipes.Schema;

/// <summary>
/// An entry of <c>data.segmentation</c>: with what a language without spaces is cut into words for code-switching. The paths
/// start from <see cref="DataSection.Root"/>. Without an entry, the words of the dictionaries are all that is known.
/// </summary>
public sealed record SegmentationSection : IValidatableObject
{
    /// <summary>A dictionary in jieba's format, for Chinese: the text is cut as jieba does, as in the paper.</summary>
    public string? Jieba { get; init; }

    /// <summary>jieba's HMM tables as JSON, for words that its dictionary lacks; as with <c>HMM=False</c> where left out.</summary>
    public string? Hmm { get; init; }

    /// <summary>The user's dictionaries in jieba's format.</summary>
    public IReadOnlyList<string> User { get; init; } = [];

    /// <summary>Lists of words, one a line, that are matched beside those of the dictionaries.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Jieba is null && (Hmm is not null || User.Count > 0))
        {
            yield return new ValidationResult("`hmm` and `user` have no effect without `jieba`.", [nameof(Hmm), nameof(User)]);
        }
        else if (Jieba is null && Words.Count == 0)
        {
            yield return new ValidationResult("name a dictionary of jieba as `jieba`, or lists of words as `words`.");
        }
        else if (Jieba is not null && Words.Count > 0)
        {
            yield return new ValidationResult("jieba takes its words from its own dictionary and from `user`; remove `jieba` or `words`.", [nameof(Words)]);
        }
    }

    /// <summary>The files that are named: the key that names each and its path as written.</summary>
    internal IEnumerable<(string Key, string Path)> Files() =>
        new[] { (Key: "jieba", Path: Jieba), (Key: "hmm", Path: Hmm) }.Where(file => file.Path is not null).Select(file => (file.Key, file.Path!))
            .Concat(User.Select((file, i) => ($"user[{i}]", file)))
            .Concat(Words.Select((file, i) => ($"words[{i}]", file)));

    /// <summary>What is wrong with the section for this language; null where nothing is.</summary>
    internal string? Misfit(Language language) => (Jieba, language.Words) switch
    {
        (not null, not "chinese") => $"jieba is for Chinese, not for {language.Name}; name lists of words as `words`.",
        (null, null or "spaces") => $"{language.Name} has spaces between its words; remove the entry.",
        _ => null,
    };

    /// <summary>Reads the files.</summary>
    /// <param name="language">The language.</param>
    /// <param name="resolve">Makes full paths of the section's.</param>
    /// <param name="known">Words of the language that are known from elsewhere.</param>
    /// <exception cref="LlamaxException">A file cannot be read or is not of its format.</exception>
    internal IWordSegmenter Load(Language language, Func<string, string> resolve, IEnumerable<string> known) => Jieba is null
        ? WordSegmenters.For(language, known.Concat(Words.SelectMany(path => LexiconReader.Read(resolve(path)))))
        : JiebaSegmenter.Load(resolve(Jieba), Hmm is null ? null : resolve(Hmm), [.. User.Select(resolve)]);
}
