using Llamax.Text.Tokenizers.Gguf;
using Llamax.Text.Tokenizers.HuggingFace;
using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Text.Tokenizers.Families;

/// <summary>Finds the tokenizers that a file or folder holds.</summary>
internal static class TokenizerCandidates
{
    private const string JsonName = "tokenizer.json";
    private const int StartLength = 2048;

    private static readonly string[] ModelNames = ["tokenizer.model", "sentencepiece.bpe.model", "spiece.model"];

    /// <summary>What a file holds, by its content.</summary>
    public static TokenizerCandidate OfFile(string path)
    {
        var start = Start(path);
        var text = start.AsSpan().TrimStart("\uFEFF \t\r\n"u8);
        return text.StartsWith("{"u8) ? new([path], () => HuggingFaceTokenizer.Load(path))
            : start.AsSpan().StartsWith("GGUF"u8) ? new([path], () => GgufVocabulary.Load(path))
            : TiktokenFile.LooksLike(start) ? new([path], () => TiktokenFile.Load(path), RanksNote(path))
            : new([path], () => SentencePieceTokenizer.Load(path));
    }

    /// <summary>What a folder holds, the one to be taken first; none where it holds nothing that is known.</summary>
    public static IReadOnlyList<TokenizerCandidate> InFolder(string folder)
    {
        var found = new List<TokenizerCandidate>();
        var settings = FolderSettings.Read(folder);
        var models = ModelNames.Select(name => There(folder, name)).OfType<string>().ToLookup(IsSentencePiece);
        var family = Family(folder, settings);
        if (family is not null)
        {
            found.Add(family);
        }

        if (There(folder, JsonName) is { } json)
        {
            found.Add(new([json], () => HuggingFaceTokenizer.Load(json)));
        }

        // M2M-100 has a vocab.json too, but no merges.
        if (There(folder, "vocab.json") is { } vocabulary && There(folder, "merges.txt") is { } merges)
        {
            found.Add(new([vocabulary, merges], () => ByteLevelFiles.Load(vocabulary, merges, settings), ByteLevelFiles.Note(folder, settings)));
        }

        if (family is null && models[true].FirstOrDefault() is { } model)
        {
            found.Add(new([model], () => SentencePieceTokenizer.Load(model), PlainNote(folder, settings, model)) { HasOwnIds = true });
        }

        found.AddRange(models[false].Concat(InOrder("*.tiktoken")).Take(1).Select(OfFile));
        found.AddRange(InOrder("*.gguf").Take(1).Select(file => OfFile(file) with { IsPadded = true }));
        return found;

        IEnumerable<string> InOrder(string pattern) => Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal);
    }

    /// <summary>A SentencePiece model with the rules of the family that the folder names, or that lies in it.</summary>
    private static TokenizerCandidate? Family(string folder, FolderSettings settings)
    {
        var own = There(folder, FamilyRules.FileInFolder) is { } file ? FamilyRules.Read(file) : null;
        foreach (var rules in own is not null ? [own] : FamilyRules.BuiltIn().Where(rules => Fits(rules, settings)))
        {
            var model = rules.ModelFiles.Select(name => There(folder, name)).OfType<string>().FirstOrDefault(IsSentencePiece);
            var vocabulary = rules.VocabularyFile is { } name ? There(folder, name) : null;
            if (model is not null && (rules.VocabularyFile is null || vocabulary is not null))
            {
                return new(vocabulary is null ? [model] : [model, vocabulary], () => LoadFamily(model, rules, settings, vocabulary), PrefixNote(folder, rules, settings));
            }
        }

        return own is null ? null : throw new LlamaxException(
            $"{folder}: {FamilyRules.FileInFolder} asks for {string.Join(" or ", own.ModelFiles)}"
            + $"{(own.VocabularyFile is null ? "" : $" and {own.VocabularyFile}")}, which the folder lacks.");
    }

    private static bool Fits(FamilyRules rules, FolderSettings settings) =>
        settings.PlainClass is { } name ? rules.TokenizerClasses.Contains(name, StringComparer.Ordinal)
        : settings.ModelType is { } type ? rules.ModelTypes.Contains(type, StringComparer.Ordinal)
        : rules.LanguagesFile is not null;

    private static FamilyTokenizer LoadFamily(string model, FamilyRules rules, FolderSettings settings, string? vocabulary)
    {
        var ids = vocabulary is null ? null
            : vocabulary.EndsWith(".json", StringComparison.Ordinal) ? JsonFile.ReadIfThere(vocabulary)!.Ids() : FairseqDictionary.Read(vocabulary);
        var whole = rules.LanguagesFile is not { } list || ids is null ? rules
            : rules with { Languages = FairseqDictionary.Languages(ids, Path.Combine(Path.GetDirectoryName(model)!, list)) };
        return SentencePieceModelReader.Read(model, content => new FamilyTokenizer(content, whole, settings, ids));
    }

    /// <summary>A stated <c>add_prefix_space</c> that the family's tokenizers in Python do not look at.</summary>
    private static string? PrefixNote(string folder, FamilyRules rules, FolderSettings settings)
    {
        const string Key = "add_prefix_space";
        if (settings.Flag(Key) is not false || (rules.PrefixSpaceKey == Key && !rules.IsLegacy(settings)))
        {
            return null;
        }

        var when = rules.PrefixSpaceKey == Key ? $"only counts where \"{rules.LegacyKey}\" is false" : $"does not count for {rules.Name}";
        return $"{folder}: {Key} is false in tokenizer_config.json, which {when}, as in transformers' tokenizers in Python; a space stands before the text.";
    }

    /// <summary>A model whose folder belongs to a family that is not known may be used with other ids than its own.</summary>
    private static string? PlainNote(string folder, FolderSettings settings, string model) => settings.TokenizerClass is { } name
        ? $"{folder}: the tokenizer class {name} is unknown; took {Path.GetFileName(model)} with its own ids. Describe the family in {FamilyRules.FileInFolder}, or give a {JsonName}."
        : Path.GetFileName(model) != ModelNames[0] && settings.ModelType is null
        ? $"{folder}: nothing says which family {Path.GetFileName(model)} belongs to; took its own ids. Put the model's tokenizer_config.json or config.json there."
        : null;

    /// <summary>A rank file does not say what it belongs to.</summary>
    private static string? RanksNote(string path) => TiktokenFile.CountRanks(path) is var ranks && TiktokenEncoding.OfRanks(ranks) is null
        ? $"{path}: a rank file says neither its pattern nor its special tokens, and {ranks:N0} ranks are those of none of {string.Join(", ", TiktokenEncoding.All.Select(known => $"{known.Name} ({known.Ranks:N0})"))}; read as {TiktokenEncoding.Llama3.Name}'s. Name the model's {JsonName} instead, if it has one."
        : null;

    private static string? There(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;

    private static bool IsSentencePiece(string path) => !TiktokenFile.LooksLike(Start(path));

    private static byte[] Start(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var start = new byte[StartLength];
            return start[..stream.ReadAtLeast(start, StartLength, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlamaxException($"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
