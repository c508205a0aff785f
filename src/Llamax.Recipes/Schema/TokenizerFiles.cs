using Llamax.Text.Tokenizers;

namespace Llamax.Recipes.Schema;

/// <summary>
/// The files of the tokenizer that a recipe names. They are copied into the run and into the models that come of it, so
/// they must be what a model folder may hold.
/// </summary>
internal static class TokenizerFiles
{
    private const string ModelName = "tokenizer.model";
    private const string JsonName = "tokenizer.json";

    // Beside a tokenizer.json that is named by itself, these two count as well.
    private static readonly string[] BesideJson = ["tokenizer_config.json", "special_tokens_map.json"];

    private static readonly string[] Names =
    [
        ModelName, "sentencepiece.bpe.model", "spiece.model", JsonName, "vocab.json", "merges.txt", "added_tokens.json", "tokenizer_family.json", .. BesideJson,
    ];

    /// <summary>The tokenizer's files in a folder of a run.</summary>
    public static IEnumerable<string> In(string folder) => Names.Select(name => Path.Combine(folder, name)).Where(File.Exists);

    /// <summary>What is to be copied: names in the run, and the files.</summary>
    /// <param name="fileOrFolder">As the recipe names it.</param>
    /// <exception cref="LlamaxException">There is no tokenizer, or one that a model folder cannot hold.</exception>
    public static IReadOnlyDictionary<string, string> Of(string fileOrFolder)
    {
        var main = TokenizerFolder.MainFile(fileOrFolder);
        if (IsGguf(main))
        {
            throw new LlamaxException($"{main} is a GGUF file, which the model folders of a run cannot hold. Name the model's tokenizer.model or tokenizer.json.");
        }

        if (Directory.Exists(fileOrFolder))
        {
            var files = In(fileOrFolder).ToDictionary(file => Path.GetFileName(file)!);
            return files.ContainsValue(main) ? files : new Dictionary<string, string> { [ModelName] = main };
        }

        return TokenizerFolder.Load(main) is Text.Tokenizers.HuggingFace.HuggingFaceTokenizer
            ? BesideJson.Select(name => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(main))!, name)).Where(File.Exists)
                .ToDictionary(file => Path.GetFileName(file)!).Append(KeyValuePair.Create(JsonName, main)).ToDictionary()
            : new Dictionary<string, string> { [ModelName] = main };
    }

    /// <summary>Refuses a tokenizer that spBLEU cannot cut texts with.</summary>
    /// <exception cref="LlamaxException">It is not made of a SentencePiece model.</exception>
    public static void CheckSentencePiece(string fileOrFolder)
    {
        var main = TokenizerFolder.MainFile(fileOrFolder);
        if (TokenizerFolder.Load(main) is not SentencePieceTokenizer)
        {
            throw new LlamaxException($"{main} is no SentencePiece model, by which spBLEU cuts texts. Name one as evaluate.spbleu_model.");
        }
    }

    /// <summary>Refuses a copy that has lost what made the tokenizer: its family may be known by the model's config.json alone.</summary>
    /// <param name="original">As the recipe names it.</param>
    /// <param name="copy">The folder in the run.</param>
    /// <exception cref="LlamaxException">They have not the same tokens.</exception>
    public static void CheckCopy(string original, string copy)
    {
        var (one, two) = (TokenizerFolder.Load(original), TokenizerFolder.Load(copy));
        if (one.VocabularySize != two.VocabularySize || Enumerable.Range(0, one.VocabularySize).Any(id => one.IdToPiece(id) != two.IdToPiece(id)))
        {
            throw new LlamaxException(
                $"tokenizer.path: {original} has other ids without its config.json, which the models of this run do not have. "
                + "Say which family it belongs to as tokenizer_class in its tokenizer_config.json.");
        }
    }

    private static bool IsGguf(string path)
    {
        using var stream = File.OpenRead(path);
        var start = new byte[4];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual("GGUF"u8);
    }
}
