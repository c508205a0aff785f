using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers.Extending;

namespace Llamax.Models.Resizing;

/// <summary>
/// Gives a model's embedding and output rows for the pieces of an extended vocabulary. Files are copied tensor by tensor,
/// so that no model is held in memory; old rows and all other weights keep their bytes and types.
/// </summary>
/// <remarks>
/// Where the embedding has more rows than the tokenizer has pieces, the new pieces take the rows that only pad, which are
/// initialised like the others, and the matrix grows only by what is missing.
/// </remarks>
public sealed class EmbeddingResizer
{
    private const string Embedding = "model.embed_tokens.weight", Output = "lm_head.weight";
    private const int CopyChunk = 1 << 24;
    private const int LargestMultiple = 1 << 16;

    private readonly string folder;
    private readonly string target;
    private readonly ResizeOptions options;
    private readonly VocabularySizeKey config;

    /// <summary>Checks the folders.</summary>
    /// <param name="folder">A Hugging Face folder with safetensors weights.</param>
    /// <param name="target">The folder to write.</param>
    /// <param name="options">How.</param>
    /// <exception cref="LlamaxException">The folder holds no model, the two are the same, or an option is out of its range.</exception>
    public EmbeddingResizer(string folder, string target, ResizeOptions options)
    {
        (this.folder, this.target, this.options) = (folder, target, options);
        if (options.PadToMultipleOf is < 1 or > LargestMultiple || !(options.NoiseScale >= 0) || !double.IsFinite(options.NoiseScale))
        {
            throw new LlamaxException(
                $"Rows are padded to a multiple of 1 to {LargestMultiple:N0} (--pad-to-multiple-of), and noise is scaled by 0 or more (--noise-scale); "
                + $"{options.PadToMultipleOf} and {options.NoiseScale} were given.");
        }

        if (LeadsToModel())
        {
            throw new LlamaxException($"{folder} is both the model and the output ({target}). Name another folder for the output: the model stays as it is.");
        }

        config = VocabularySizeKey.Read(Path.Combine(folder, "config.json"));
    }

    /// <summary>Whether the output is the model, or links lead from one of its files to one of the model's or the other way round.</summary>
    private bool LeadsToModel()
    {
        var names = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        if (names.Equals(OutputPlace.RealPath(folder), OutputPlace.RealPath(target)))
        {
            return true;
        }

        var files = Files(folder).ToHashSet(names);
        return Files(target).Any(files.Contains);

        static IEnumerable<string> Files(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(OutputPlace.RealPath) : [];
    }

    /// <summary>Writes the resized model, all but the tokenizer.</summary>
    /// <param name="extension">The extended vocabulary.</param>
    /// <param name="cancellationToken">Ends the work between two tensors.</param>
    /// <exception cref="LlamaxException">The model does not fit the base vocabulary, or a file is broken.</exception>
    public ResizeRecord Resize(VocabularyExtension extension, CancellationToken cancellationToken = default)
    {
        using var weights = WeightFiles.Open(folder);
        if (!weights.Files.All(file => file.IsSafetensors))
        {
            throw new LlamaxException($"{folder}: rows are added to safetensors weights only. Run `llamax model convert {folder} OUT` and extend OUT.");
        }

        var matrices = Matrices(weights, extension);
        var rows = Math.Max(config.Value, extension.Size);
        rows = checked((rows + options.PadToMultipleOf - 1) / options.PadToMultipleOf * options.PadToMultipleOf);
        var others = new FolderFiles(folder, weights.Files);
        others.CheckTarget(target);
        AddedTokens.Check(folder, extension);
        var isChecked = OwnTokenizer.Check(folder, extension);
        Directory.CreateDirectory(target);
        foreach (var file in weights.Files)
        {
            Rewrite(file, extension, matrices, rows, cancellationToken);
        }

        var added = matrices.Sum(matrix => (rows - config.Value) * matrix.Shape[1]);
        var bytes = matrices.Sum(matrix => (rows - config.Value) * matrix.Shape[1] * SafetensorsTypes.Size(matrix.Type));
        others.Copy(target, added, bytes);
        config.Write(Path.Combine(target, "config.json"), rows);
        return new ResizeRecord
        {
            Options = options,
            OldRows = config.Value,
            NewRows = rows,
            Weights = [.. matrices.Select(matrix => matrix.Name)],
            LeftOut = others.LeftOut,
            HadTokenizerJson = others.HasTokenizerJson,
            Notes = [.. Notes(extension, rows, others, isChecked)],
        };
    }

    private IEnumerable<string> Notes(VocabularyExtension extension, int rows, FolderFiles others, bool isChecked)
    {
        yield return $"{target}: {rows} rows instead of {config.Value}, new ones by {RowInits.Name(options.Init)}";
        if (!isChecked)
        {
            yield return $"{folder}: has no tokenizer of its own, so {extension.BaseFile} was taken for it";
        }

        if (config.Value > extension.BaseSize)
        {
            yield return $"{folder}: {config.Value - extension.BaseSize} rows were without a piece; new pieces took {Math.Min(config.Value, extension.Size) - extension.BaseSize} of them";
        }

        if (rows > extension.Size)
        {
            yield return $"{target}: {rows - extension.Size} rows are without a piece";
        }

        if (others.LeftOut.Count > 0)
        {
            yield return $"left out, since they were made with the old vocabulary: {string.Join(", ", others.LeftOut)}";
        }
    }

    private List<TensorEntry> Matrices(WeightFiles weights, VocabularyExtension extension)
    {
        if (weights.Find(Embedding) is null)
        {
            throw new LlamaxException($"{folder}: there is no weight '{Embedding}'; models that name their embedding so can be resized.");
        }

        if (config.Value < extension.BaseSize)
        {
            throw new LlamaxException($"{folder}: the embedding has {config.Value:N0} rows, but the base tokenizer {extension.BaseSize:N0} pieces: they do not belong together.");
        }

        if (!config.Tied && weights.Find(Output) is null)
        {
            throw new LlamaxException($"{folder}: there is no weight '{Output}', and config.json does not say tie_word_embeddings.");
        }

        var matrices = new[] { Embedding, Output }.Select(name => weights.Find(name)).OfType<TensorEntry>().ToList();
        foreach (var matrix in matrices)
        {
            if (matrix.Shape is not [var rows, _] || rows != config.Value || !NumberRow.Knows(matrix.Type))
            {
                throw new LlamaxException(
                    $"{folder}: '{matrix.Name}' is [{string.Join(", ", matrix.Shape)}] of {matrix.Type}; expected are {config.Value} rows (vocab_size of config.json) of a floating-point type.");
            }
        }

        return matrices;
    }

    private void Rewrite(TensorFile file, VocabularyExtension extension, List<TensorEntry> matrices, int rows, CancellationToken cancellationToken)
    {
        var tensors = file.Tensors.Select(entry => matrices.Exists(matrix => matrix.Name == entry.Name)
            ? entry with { Shape = [rows, entry.Shape[1]], Length = rows * entry.Shape[1] * SafetensorsTypes.Size(entry.Type) }
            : entry).ToList();
        AtomicFile.Write(Path.Combine(target, Path.GetFileName(file.Path)), stream =>
        {
            stream.Write(SafetensorsWriter.Header(tensors, file.Metadata));
            foreach (var entry in file.Tensors)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (matrices.Exists(matrix => matrix.Name == entry.Name))
                {
                    Grow(stream, file, entry, extension, rows);
                }
                else
                {
                    Copy(stream, file, entry, entry.Length);
                }
            }
        }, cancellationToken);
    }

    private void Grow(Stream stream, TensorFile file, TensorEntry entry, VocabularyExtension extension, int rows)
    {
        var maker = new RowMaker(file, entry, extension, options, config.Tied ? Embedding : entry.Name);
        Copy(stream, file, entry, (long)extension.BaseSize * maker.RowBytes);
        var row = new byte[maker.RowBytes];
        for (var id = extension.BaseSize; id < rows; id++)
        {
            if (id >= extension.Size && id < config.Value)
            {
                file.ReadBytes(entry, (long)id * maker.RowBytes, row); // Padded before and now.
            }
            else
            {
                maker.Make(id, row);
            }

            stream.Write(row);
        }
    }

    private static void Copy(Stream stream, TensorFile file, TensorEntry entry, long length)
    {
        var buffer = new byte[Math.Min(CopyChunk, length)];
        for (var done = 0L; done < length; done += CopyChunk)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(CopyChunk, length - done));
            file.ReadBytes(entry, done, part);
            stream.Write(part);
        }
    }
}
