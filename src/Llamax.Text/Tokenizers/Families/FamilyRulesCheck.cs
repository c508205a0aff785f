namespace Llamax.Text.Tokenizers.Families;

/// <summary>Looks for what is wrong in a family's rules, which a user may have written.</summary>
internal static class FamilyRulesCheck
{
    private const string Language = "{language}";
    private const string Text = "{text}";
    private const int Most = 1 << 20;

    /// <summary>The first mistake, as a sentence with its key and what was expected; null where there is none.</summary>
    public static string? Mistake(FamilyRules rules) => Mistakes(rules).FirstOrDefault();

    // What is null in the file is null here, whatever the types say; the first of these looks for it.
    private static IEnumerable<string> Mistakes(FamilyRules rules)
    {
        foreach (var (key, list) in Lists(rules).Where(list => list.Value is null || list.Value.Any(string.IsNullOrEmpty)))
        {
            yield return $"\"{key}\" must be a list of texts that are not empty.";
        }

        foreach (var (key, _) in Names(rules).Where(name => name.Value is ""))
        {
            yield return $"\"{key}\" must not be empty; leave it out where there is none.";
        }

        if (rules.Last is null || rules.Last.Any(group => group is null || string.IsNullOrEmpty(group.Token)))
        {
            yield return "\"last\" must be a list of objects with a \"token\" that is not empty.";
        }
        else if (rules.Last.Any(group => group.Count is < 0 or > Most))
        {
            yield return $"\"count\" in \"last\" must be from 0 to {Most}.";
        }

        if (rules.ModelFiles.Count == 0)
        {
            yield return "\"model_files\" must name at least one SentencePiece model.";
        }

        if (rules.VocabularyFile is not null && rules.Unk is null)
        {
            yield return "\"unk\" must name the token for what \"vocabulary_file\" lacks.";
        }

        if (rules.PrefixSpaceKey is not null && !rules.PrefixOnce)
        {
            yield return "\"prefix_space_key\" is about the one space of \"prefix_once\", which must be true.";
        }

        if (rules.Offset is < 0 or > Most)
        {
            yield return $"\"offset\" must be from 0 to {Most}.";
        }

        foreach (var mistake in Frame("frame", rules.Frame, rules).Concat(rules.LegacyFrame is { } older ? Frame("legacy_frame", older, rules) : []))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<(string Key, IReadOnlyList<string>? Value)> Lists(FamilyRules rules) =>
    [
        ("tokenizer_classes", rules.TokenizerClasses), ("model_types", rules.ModelTypes), ("model_files", rules.ModelFiles), ("first", rules.First),
        ("frame", rules.Frame), ("legacy_frame", rules.LegacyFrame ?? []), ("languages", rules.Languages),
    ];

    private static IEnumerable<(string Key, string? Value)> Names(FamilyRules rules) =>
    [
        ("bos", rules.Bos), ("eos", rules.Eos), ("unk", rules.Unk), ("pad", rules.Pad), ("vocabulary_file", rules.VocabularyFile),
        ("languages_file", rules.LanguagesFile),
        ("legacy_key", rules.LegacyKey), ("prefix_space_key", rules.PrefixSpaceKey), ("language_token", rules.LanguageToken ?? ""),
    ];

    private static IEnumerable<string> Frame(string key, IReadOnlyList<string> parts, FamilyRules rules)
    {
        if (parts.FirstOrDefault(part => part is not ("{bos}" or "{eos}" or Language or Text)) is { } wrong)
        {
            yield return $"\"{key}\" is made of {{bos}}, {{eos}}, {{language}} and {{text}}, not of '{wrong}'.";
        }

        if (parts.Count(part => part == Text) != 1)
        {
            yield return $"\"{key}\" must have {{text}} once.";
        }

        if (parts.Contains(Language, StringComparer.Ordinal) && rules.Languages.Count == 0 && rules.LanguagesFile is null)
        {
            yield return $"\"{key}\" has {{language}}, so \"languages\" must list at least one.";
        }
    }
}
