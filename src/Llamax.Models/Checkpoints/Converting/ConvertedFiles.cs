using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Text.Files;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Converting;

/// <summary>The files of a model folder beside its weights, on their way to another folder.</summary>
internal static class ConvertedFiles
{
    private const string Config = "config.json";

    /// <summary>Weights in any form.</summary>
    private static readonly string[] Weights =
        [".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf", ".h5", ".msgpack", ".onnx", ".index.json"];

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Outputs to compare with, which another number type or vocabulary changes.</summary>
    public static bool IsReference(string name) => name is "expected.json" or "expected.safetensors";

    /// <summary>Copies them, the configuration last: without it the folder is no model.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="target">The folder to write.</param>
    /// <param name="type">The number type of all floating-point weights, or null where there are several.</param>
    /// <param name="vocabulary">The new number of rows, or null where it is the old one.</param>
    /// <param name="references">Whether outputs to compare with still hold.</param>
    /// <exception cref="LlamaxException">A file cannot be read, or is no JSON.</exception>
    public static void Copy(string folder, string target, ScalarType? type, int? vocabulary, bool references)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            var isWeight = Array.Exists(Weights, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
            if (name != Config && !name.StartsWith('.') && (IsReference(name) ? references : !isWeight))
            {
                AtomicFile.Write(Path.Combine(target, name), stream =>
                {
                    using var source = File.OpenRead(file);
                    source.CopyTo(stream);
                });
            }
        }

        if (File.Exists(Path.Combine(folder, Config)))
        {
            AtomicFile.WriteText(Path.Combine(target, Config), Mended(Path.Combine(folder, Config), type, vocabulary));
        }
    }

    /// <summary>The configuration with the new type and vocabulary; all else as it is and where it is.</summary>
    private static string Mended(string file, ScalarType? type, int? vocabulary)
    {
        JsonKeys.Parse(file); // Says what is wrong with it.
        var json = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
        try
        {
            if (type is { } known)
            {
                // transformers 5 calls it dtype.
                var key = json.ContainsKey("dtype") ? "dtype" : "torch_dtype";
                json[key] = ModelFolder.TorchName(known);
            }

            if (vocabulary is { } rows)
            {
                json["vocab_size"] = rows;
            }

            return json.ToJsonString(Format) + "\n";
        }
        catch (ArgumentException exception)
        {
            throw new LlamaxException($"{file}: a key stands there twice. Remove one.", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new LlamaxException($"{file}: a key or a text has half a surrogate pair (\\ud800 to \\udfff) in it, which is no text. Mend it there.", exception);
        }
    }
}
