namespace Llamax.Models.Hub.Listing;

/// <summary>Which files of a model's repository are needed: configuration, tokenizer, and its weights once.</summary>
internal static class FileSelection
{
    private static readonly HashSet<string> Companions = new(StringComparer.Ordinal)
    {
        "config.json", "generation_config.json", "adapter_config.json", "hparams.yaml",
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "vocab.txt", "merges.txt", "dict.txt", "tekken.json",
        "chat_template.jinja", "chat_template.json",
        "expected.json", "expected.safetensors", // The reference outputs that `llamax model check` compares with.
    };

    private static readonly string[] TokenizerEndings = [".model", ".spm", ".tiktoken"];

    // The first that is there is taken: whole files before shards, safetensors before pickles.
    private static readonly string[] Weights =
    [
        "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
        "adapter_model.safetensors", "adapter_model.bin", "checkpoints/model.ckpt",
    ];

    /// <summary>The file that holds the weights, or the index of the files that do; null where the repository has none of a known name.</summary>
    /// <param name="paths">All files of the repository.</param>
    public static string? WeightsOf(IEnumerable<string> paths)
    {
        var all = paths.ToHashSet(StringComparer.Ordinal);
        return Array.Find(Weights, all.Contains);
    }

    public static bool IsIndex(string path) => path.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>The configuration and the files of the tokenizer.</summary>
    /// <param name="paths">All files of the repository.</param>
    public static IEnumerable<string> CompanionsOf(IEnumerable<string> paths) => paths.Where(path =>
        Companions.Contains(path) || !path.Contains('/') && TokenizerEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)));

    /// <summary>All of a data set but git's own files.</summary>
    /// <param name="paths">All files of the repository.</param>
    public static IEnumerable<string> OfDataset(IEnumerable<string> paths) =>
        paths.Where(path => Path.GetFileName(path) is not (".gitattributes" or ".gitignore"));
}
