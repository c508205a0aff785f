using Llamax.Models.Families;
using Llamax.Models.Native;
using Llamax.Models.Resizing;
using Llamax.Models.Safetensors;
using Llamax.Text.Files;
using static TorchSharp.torch;

namespace Llamax.Models.Checkpoints.Converting;

/// <summary>
/// Writes a model of any format that can be read as safetensors, with names as they are. Tensors go through memory part by
/// part, so that no model is held there; the same tensors give the same bytes, whatever files they came from.
/// </summary>
public sealed class ModelConverter
{
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    private readonly string input;
    private readonly string output;
    private readonly ConvertOptions options;

    /// <summary>Checks what can be checked before anything is read.</summary>
    /// <param name="input">A model folder, or a single file of weights.</param>
    /// <param name="output">The folder to write: one that is not there, is empty, or holds what an interrupted conversion left.</param>
    /// <param name="options">What the model shall be.</param>
    /// <exception cref="LlamaxException">There is no such input, or an option cannot be.</exception>
    public ModelConverter(string input, string output, ConvertOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.input, this.output, this.options) = (input, output, options);
        if (!Directory.Exists(input) && !File.Exists(input))
        {
            throw new LlamaxException($"{input}: there is no such folder or file.");
        }

        if (options.Type is { } type && !NumberRow.Knows(type))
        {
            throw new LlamaxException($"{type} is no floating-point type; weights can be float32, bfloat16, float16 and float64.");
        }

        if (options.ShardBytes < 1)
        {
            throw new LlamaxException($"A shard of {options.ShardBytes:N0} bytes holds nothing: 1 byte is the least.");
        }

        if (options.Vocabulary < 1)
        {
            throw new LlamaxException($"A vocabulary of {options.Vocabulary:N0} entries holds nothing: 1 entry is the least.");
        }

        if (File.Exists(input) && input.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw new LlamaxException($"{input} holds no weights. Name the folder of the model, or a single file of weights.");
        }

        if (options.Vocabulary is not null && !Directory.Exists(input))
        {
            throw new LlamaxException($"{input}: the vocabulary is resized together with its config.json; give the folder of the model.");
        }
    }

    /// <summary>Writes the folder. An interrupted conversion goes on behind its last whole file.</summary>
    /// <param name="progress">Is told now and then how far it is.</param>
    /// <param name="cancellationToken">Ends the work; what is whole stays for the next run.</param>
    /// <exception cref="LlamaxException">The input is broken, the output is taken, or the disk is full.</exception>
    public ConvertResult Convert(IProgress<ConvertProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        LibTorch.EnsureLoaded();
        using var weights = Directory.Exists(input) ? WeightFiles.Open(input) : WeightFiles.OpenFile(input);
        var notes = new List<string>();
        var tensors = Plan(weights, notes);
        var mark = new ConvertMark(output, ConvertMark.Fingerprint(options, tensors, weights.Files));
        try
        {
            mark.Take();
            var files = WriteWeights(tensors, progress, cancellationToken);
            WriteOthers(tensors, notes);
            mark.Remove();
            return new ConvertResult(tensors.Count, tensors.Sum(tensor => tensor.Length), files, notes);
        }
        catch (IOException exception)
        {
            throw new LlamaxException(Explain(exception, tensors.Sum(tensor => tensor.Length)), exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new LlamaxException($"{output}: cannot be written: {exception.Message}", exception);
        }
    }

    private List<PlannedTensor> Plan(WeightFiles weights, List<string> notes)
    {
        int? stated = options.Vocabulary is null ? null : VocabularySizeKey.Read(Path.Combine(input, "config.json")).Value;
        if (options.Vocabulary is { } wanted)
        {
            VocabularyRows.Check(input, wanted);
        }

        var (family, isUntied) = Configured();
        var tensors = new List<PlannedTensor>();
        foreach (var file in weights.Files)
        {
            // Tied weights share their bytes; they are written once, under the name that the family looks for first. An output
            // that the configuration calls untied is looked for by its name, though, whatever it happens to equal.
            var written = file.Tensors.GroupBy(Place, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.OrderBy(entry => family?.IsUsual(entry.Name) != true).ThenBy(entry => VocabularyRows.IsOutput(entry.Name)).First().Name, StringComparer.Ordinal);
            foreach (var entry in file.Tensors)
            {
                var name = written[Place(entry)];
                if (entry.Length > 0 && entry.Name != name)
                {
                    notes.Add($"'{entry.Name}' is the same as '{name}' and is written once");
                    continue;
                }

                var type = options.Type is { } target && NumberRow.Knows(entry.Type) ? target : entry.Type;
                tensors.Add(new PlannedTensor(file, entry, type, stated is { } rows && VocabularyRows.IsResized(file, entry, rows) ? options.Vocabulary : null));
            }
        }

        if (options.Vocabulary is not null && !tensors.Exists(tensor => tensor.Rows is not null))
        {
            throw new LlamaxException($"{input}: none of its weights is known as an embedding, so its vocabulary cannot be resized.");
        }

        return [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];

        string Place(TensorEntry entry) =>
            $"{isUntied && VocabularyRows.IsOutput(entry.Name)} {entry.Offset} {entry.Type} {entry.ShapeText} {string.Join(' ', entry.Strides ?? [])}";
    }

    /// <summary>What config.json says, where there is one: the family, and whether the output is a weight of its own.</summary>
    private (Family? Family, bool IsUntied) Configured()
    {
        var file = Path.Combine(input, "config.json");
        if (!File.Exists(file))
        {
            return (null, false);
        }

        var json = new JsonKeys(file, JsonKeys.Parse(file));
        var family = FamilyList.Find(json.Text("model_type") ?? "");
        return (family, !(json.Flag("tie_word_embeddings") ?? family?.TiedByDefault ?? true));
    }

    private List<string> WriteWeights(List<PlannedTensor> tensors, IProgress<ConvertProgress>? progress, CancellationToken cancellationToken)
    {
        var shards = ShardLayout.Divide(tensors, tensor => tensor.Length, options.ShardBytes);
        var (total, done, kept) = (tensors.Sum(tensor => tensor.Length), 0L, 0L);
        var writer = new TensorStream(
            bytes =>
            {
                done += bytes;
                progress?.Report(new ConvertProgress(done, total, kept));
            },
            cancellationToken);
        var names = Enumerable.Range(1, shards.Count).Select(number => ShardLayout.Name(number, shards.Count)).ToList();
        for (var i = 0; i < shards.Count; i++)
        {
            var path = Path.Combine(output, names[i]);
            if (File.Exists(path))
            {
                // Files get their names once they are whole, and the mark says that they are of this conversion.
                var bytes = shards[i].Sum(tensor => tensor.Length);
                (done, kept) = (done + bytes, kept + bytes);
                continue;
            }

            // As the reference library does: by descending size of the number type, then by name.
            var ordered = shards[i].OrderByDescending(tensor => SafetensorsTypes.Size(tensor.Type)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
            AtomicFile.Write(path, stream =>
            {
                stream.Write(SafetensorsWriter.Header([.. ordered.Select(tensor => tensor.Target)], Metadata));
                ordered.ForEach(tensor => writer.Write(stream, tensor));
            }, cancellationToken);
        }

        if (shards.Count > 1)
        {
            ShardLayout.WriteIndex(output, [.. shards.Select(shard => shard.Select(tensor => tensor.Name).ToList())], total);
        }

        return names;
    }

    private void WriteOthers(List<PlannedTensor> tensors, List<string> notes)
    {
        if (!Directory.Exists(input))
        {
            return;
        }

        var same = options.Vocabulary is null && tensors.TrueForAll(tensor => tensor.Type == tensor.Source.Type);
        if (!same && Directory.EnumerateFiles(input).Any(file => ConvertedFiles.IsReference(Path.GetFileName(file))))
        {
            notes.Add("reference outputs were left out, since they are of the old weights");
        }

        var types = tensors.Select(tensor => tensor.Type).Where(NumberRow.Knows).Distinct().ToList();
        ConvertedFiles.Copy(input, output, types is [var type] ? type : options.Type, options.Vocabulary, same);
    }

    private string Explain(IOException exception, long bytes) => AtomicFile.IsDiskFull(exception)
        ? $"{output}: the disk is full; the weights take {bytes:N0} bytes. Whole files are kept: make room and run the same command again."
        : $"{output}: cannot be written: {exception.Message}";
}
