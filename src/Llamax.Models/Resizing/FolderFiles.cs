using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Models.Checkpoints;
using Llamax.Text.Files;

namespace Llamax.Models.Resizing;

/// <summary>The files of a model folder beside its weights and its <c>config.json</c>.</summary>
internal sealed class FolderFiles
{
    private const string TokenizerJson = "tokenizer.json";
    private const string Index = "model.safetensors.index.json";

    // The old weights in other forms.
    private static readonly string[] OtherWeights = [".bin", ".bin.index.json", ".gguf", ".pth", ".pt", ".h5", ".msgpack", ".onnx"];

    // Outputs to compare with, made with the old vocabulary, and the list of its pieces.
    private static readonly string[] Outdated = ["expected.json", "expected.safetensors", "tokenizer.vocab"];

    private readonly string[] weights;
    private readonly List<string> copied = [];

    public FolderFiles(string folder, IEnumerable<TensorFile> weights)
    {
        HasTokenizerJson = File.Exists(Path.Combine(folder, TokenizerJson));
        this.weights = [.. weights.Select(file => Path.GetFileName(file.Path))];
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            if (Outdated.Contains(name) || OtherWeights.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            {
                LeftOut.Add(name);
            }
            else if (!this.weights.Contains(name) && name is not ("config.json" or "tokenizer.model" or TokenizerJson or "extension.json"))
            {
                copied.Add(file);
            }
        }
    }

    /// <summary>Whether the folder has the tokenizer as <c>tokenizer.json</c>, too.</summary>
    public bool HasTokenizerJson { get; }

    /// <summary>Names of the files that do not fit the new vocabulary.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Refuses a folder with other weights, which readers would take for this model's.</summary>
    public void CheckTarget(string target)
    {
        var other = Directory.Exists(target)
            ? Directory.EnumerateFiles(target, "model*.safetensors*").FirstOrDefault(file =>
                !weights.Contains(Path.GetFileName(file)) && !copied.Exists(copy => Path.GetFileName(copy) == Path.GetFileName(file)))
            : null;
        if (other is not null)
        {
            throw new LlamaxException($"{other} belongs to another model. Name an empty folder for the output, or remove it.");
        }
    }

    /// <summary>Copies the files; the index of shards gets the new sizes.</summary>
    public void Copy(string target, long addedParameters, long addedBytes)
    {
        foreach (var file in copied)
        {
            var to = Path.Combine(target, Path.GetFileName(file));
            if (Path.GetFileName(file) == Index && JsonNode.Parse(File.ReadAllBytes(file)) is { } json && json["metadata"] is JsonObject metadata)
            {
                Add(metadata, "total_size", addedBytes);
                Add(metadata, "total_parameters", addedParameters);
                AtomicFile.WriteText(to, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n");
                continue;
            }

            AtomicFile.Write(to, stream =>
            {
                using var source = File.OpenRead(file);
                source.CopyTo(stream);
            });
        }
    }

    private static void Add(JsonObject metadata, string key, long more)
    {
        if (metadata[key] is JsonValue value && value.TryGetValue(out long number))
        {
            metadata[key] = number + more;
        }
    }
}
