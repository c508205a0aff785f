using Llamax.Models.Branches;
using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Text.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Models;

/// <summary>Models as Hugging Face folders: <c>config.json</c> and <c>model*.safetensors</c>, in one file or in shards.</summary>
public static class ModelFolder
{
    /// <summary>Reads a causal language model. Each weight goes from its file straight into its place.</summary>
    /// <param name="folder">A Hugging Face folder.</param>
    /// <param name="type">Number type of the weights in memory; as stored where null.</param>
    /// <param name="device">Where the weights shall live; the CPU where null.</param>
    /// <param name="note">Receives what the user should know of tensors that have no place in the network, and are not used.</param>
    /// <exception cref="LlamaxException">
    /// A file is missing or broken, a weight is missing or has another shape, or there are more layers than the configuration says.
    /// </exception>
    public static CausalLanguageModel Load(string folder, ScalarType? type = null, Device? device = null, Action<string>? note = null)
    {
        var config = ConfigFile.Read(folder);
        return ModelLoader.Load(
            folder, (number, place) => new CausalLanguageModel(config, number, place), model => model.Weights(), type, device, note);
    }

    /// <summary>Reads an encoder-decoder model; of one that comes in branches, the multilingual ones.</summary>
    /// <param name="folder">A Hugging Face folder.</param>
    /// <param name="type">Number type of the weights in memory; as stored where null.</param>
    /// <param name="device">Where the weights shall live; the CPU where null.</param>
    /// <param name="note">Receives what the user should know of tensors that have no place in the network, and are not used.</param>
    /// <exception cref="LlamaxException">
    /// A file is missing or broken, a weight is missing or has another shape, or there are more layers than the configuration says.
    /// </exception>
    public static SequenceToSequenceModel LoadSequenceToSequence(string folder, ScalarType? type = null, Device? device = null, Action<string>? note = null)
    {
        if (BranchFolder.Find(folder) is { } branches)
        {
            return branches.Load(branches.Default, type, device);
        }

        var config = ConfigFile.ReadSequenceToSequence(folder);
        return ModelLoader.Load(
            folder, (number, place) => new SequenceToSequenceModel(config, number, place), model => model.Weights(), type, device, note);
    }

    /// <summary>Reads an encoder.</summary>
    /// <param name="folder">A Hugging Face folder.</param>
    /// <param name="type">Number type of the weights in memory; as stored where null.</param>
    /// <param name="device">Where the weights shall live; the CPU where null.</param>
    /// <param name="note">Receives what the user should know of tensors that have no place in the network, and are not used.</param>
    /// <exception cref="LlamaxException">
    /// A file is missing or broken, a weight is missing or has another shape, or there are more layers than the configuration says.
    /// </exception>
    public static EncoderModel LoadEncoder(string folder, ScalarType? type = null, Device? device = null, Action<string>? note = null)
    {
        var config = ConfigFile.ReadEncoder(folder);
        return ModelLoader.Load(folder, (number, place) => new EncoderModel(config, number, place), model => model.Weights(), type, device, note);
    }

    /// <summary>Writes a model; the same weights give the same bytes. Tokenizer files are the caller's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder to create or to write into.</param>
    /// <param name="maximalShardBytes">Weights beyond this many bytes are written in shards with an index.</param>
    public static void Save(CausalLanguageModel model, string folder, long maximalShardBytes = 5_000_000_000)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder);
        var weights = model.Weights().OrderBy(weight => weight.Name, StringComparer.Ordinal).ToList();
        var shards = ShardLayout.Divide(weights, weight => SafetensorsWriter.ByteLength(weight.Value), maximalShardBytes);
        var names = Enumerable.Range(1, shards.Count).Select(number => ShardLayout.Name(number, shards.Count)).ToList();
        for (var i = 0; i < shards.Count; i++)
        {
            SafetensorsWriter.Write(Path.Combine(folder, names[i]), shards[i]);
        }

        if (shards.Count > 1)
        {
            ShardLayout.WriteIndex(folder, [.. shards.Select(shard => shard.Select(weight => weight.Name).ToList())], weights.Sum(weight => SafetensorsWriter.ByteLength(weight.Value)));
        }

        ConfigFile.Write(model.Config, folder, TorchName(model.Type));
        RemoveStale(folder, names);
    }

    /// <summary>Checks that the embedding has a row for every token of the tokenizer.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="tokenizer">The tokenizer to be used with it.</param>
    /// <exception cref="LlamaxException">It has not.</exception>
    public static void CheckTokenizer(StackConfig config, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize > config.VocabularySize)
        {
            throw new LlamaxException(
                $"The tokenizer has {tokenizer.VocabularySize:N0} entries but the model's embedding only {config.VocabularySize:N0} rows: "
                + "they do not belong together. Put the tokenizer that the model was trained with into its folder, or extend the embedding.");
        }
    }

    /// <summary>The number type's name in PyTorch.</summary>
    internal static string TorchName(ScalarType type) => type switch
    {
        ScalarType.Float16 => "float16",
        ScalarType.BFloat16 => "bfloat16",
        ScalarType.Float64 => "float64",
        _ => "float32",
    };

    /// <summary>Removes weights of an earlier save into the same folder, which readers would take for this model's.</summary>
    private static void RemoveStale(string folder, List<string> written)
    {
        var stale = Directory.EnumerateFiles(folder, "model-?????-of-?????.safetensors")
            .Append(Path.Combine(folder, ShardLayout.SingleFile))
            .Where(file => !written.Contains(Path.GetFileName(file)))
            .Concat(written.Count == 1 ? [Path.Combine(folder, ShardLayout.IndexFile)] : []);
        foreach (var file in stale.ToList())
        {
            File.Delete(file);
        }
    }
}
