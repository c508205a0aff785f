namespace Llamax.Translation.Translating;

/// <summary>Tells a model folder from what it was before, without reading its gigabytes.</summary>
public static class ModelStamp
{
    /// <summary>Name, size and time of last change of each file that translations depend on, by name.</summary>
    /// <param name="folder">The model folder.</param>
    public static IReadOnlyList<string> Of(string folder) =>
    [
        .. Files(folder)
            .OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc:O}"),
    ];

    /// <summary>The files of a model folder that translations depend on: weights, configuration, tokenizer.</summary>
    /// <param name="folder">The model folder.</param>
    public static IEnumerable<FileInfo> Files(string folder) => new DirectoryInfo(folder).EnumerateFiles().Where(file =>
        file.Extension is ".safetensors" or ".bin" or ".pt" or ".json" or ".model" or ".txt" or ".spm" or ".tiktoken");
}
