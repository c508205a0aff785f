using Llamax.Text.Files;

namespace Llamax.Translation.Translating;

/// <summary>Tells a model folder from what it was before, without reading its gigabytes.</summary>
public static class ModelStamp
{
    /// <summary>Name, size and time of last change of each file that translations depend on, by name.</summary>
    /// <param name="folder">The model folder.</param>
    public static IReadOnlyList<string> Of(string folder) =>
        [.. Files(folder).OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => Line(file.Name, FileStamp.Of(file.FullName)))];

    /// <summary>The files of a model folder that translations depend on: weights, configuration, tokenizer.</summary>
    /// <param name="folder">The model folder.</param>
    public static IEnumerable<FileInfo> Files(string folder) => new DirectoryInfo(folder).EnumerateFiles().Where(file =>
        file.Extension is ".safetensors" or ".bin" or ".pt" or ".json" or ".model" or ".txt" or ".spm" or ".tiktoken");

    private static string Line(string name, FileStamp stamp) => $"{name} {stamp.Length} {stamp.ChangedUtc:O}";
}
