using Llamax.Models.Resizing;
using Llamax.Models.Safetensors;
using Llamax.Text.Tokenizers;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Converting;

/// <summary>The weights that have an entry for each token, and their new entries.</summary>
internal static class VocabularyRows
{
    private const string Output = "lm_head.weight";

    /// <summary>How the names of embeddings and outputs end, in all families.</summary>
    private static readonly string[] Endings =
    [
        "embed_tokens.weight", "wte.weight", "shared.weight", "word_embeddings.weight", Output, "lm_head.bias", "lm_head.decoder.weight",
        "lm_head.decoder.bias", "final_logits_bias",
    ];

    /// <summary>Whether a weight of that name has an entry for each token.</summary>
    public static bool Has(string name) => Array.Exists(Endings, ending => Ends(name, ending));

    /// <summary>Whether a weight of that name turns hidden states into logits.</summary>
    public static bool IsOutput(string name) => Ends(name, Output);

    /// <summary>Checks that a model can have so many entries.</summary>
    /// <exception cref="LlamaxException">It cannot: a token would have none.</exception>
    public static void Check(string folder, int rows)
    {
        var file = Path.Combine(folder, "config.json");
        var config = new JsonKeys(file, JsonKeys.Parse(file));
        foreach (var key in config.Names().Where(key => key.EndsWith("_token_id", StringComparison.Ordinal)))
        {
            var ids = config.Integers(key);
            if (ids.Any(id => id >= rows))
            {
                throw new LlamaxException($"{file}: {key} is {string.Join(", ", ids)}, which a vocabulary of {rows:N0} entries does not have. Ask for more entries.");
            }
        }

        if (TokenizerFolder.Holds(folder) && TokenizerFolder.Load(folder).VocabularySize is var size && size > rows)
        {
            throw new LlamaxException($"{folder}: the tokenizer has {size:N0} entries, so a vocabulary of {rows:N0} is too small. Ask for {size:N0} or more.");
        }
    }

    /// <summary>Whether a tensor's rows are resized, once it is checked that they can be.</summary>
    /// <exception cref="LlamaxException">It has another number of rows than the configuration says.</exception>
    public static bool IsResized(TensorFile file, TensorEntry entry, int stated)
    {
        if (!Has(entry.Name))
        {
            return false;
        }

        var rows = entry.Shape switch { [1, var count] => count, [var count, ..] => count, _ => -1 };
        return rows == stated && NumberRow.Knows(entry.Type) ? true : throw new LlamaxException(
            $"{file.Path}: '{entry.Name}' is {entry.ShapeText} of {entry.Type}; expected are {stated:N0} rows (vocab_size of config.json) of a floating-point type.");
    }

    /// <summary>The mean of all rows, as bytes of the type to be written.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="gathered">All its numbers one after another, where the file has them in another order; else null.</param>
    public static byte[] Mean(PlannedTensor tensor, Tensor? gathered)
    {
        var count = tensor.Source.Shape[tensor.RowDimension];
        var width = checked((int)(tensor.Source.Length / SafetensorsTypes.Size(tensor.Source.Type) / count));
        var stored = new byte[width * SafetensorsTypes.Size(tensor.Source.Type)];
        var (row, mean) = (new double[width], new double[width]);
        for (var id = 0L; id < count; id++)
        {
            if (gathered is null)
            {
                tensor.File.ReadBytes(tensor.Source, id * stored.Length, stored);
            }
            else
            {
                using var part = gathered.narrow(0, id * width, width);
                part.bytes.CopyTo(stored);
            }

            NumberRow.Read(stored, tensor.Source.Type, row);
            for (var i = 0; i < width; i++)
            {
                mean[i] += (row[i] - mean[i]) / (id + 1);
            }
        }

        var bytes = new byte[width * SafetensorsTypes.Size(tensor.Type)];
        NumberRow.Write(mean, tensor.Type, bytes);
        return bytes;
    }

    private static bool Ends(string name, string ending) =>
        name.EndsWith(ending, StringComparison.Ordinal) && (name.Length == ending.Length || name[^(ending.Length + 1)] == '.');
}
