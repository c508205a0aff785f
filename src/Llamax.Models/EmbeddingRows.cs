using Llamax.Models.Checkpoints;
using Llamax.Models.Resizing;
using Llamax.Models.Safetensors;

namespace Llamax.Models;

/// <summary>
/// The input embedding of a model folder, read row by row from its files; nothing else of the model is
/// touched. Thread-safe.
/// </summary>
public sealed class EmbeddingRows : IDisposable
{
    /// <summary>What the families call it: LLaMA and most, GPT-2, M2M-100 and T5, XLM-R.</summary>
    private static readonly string[] Names =
    [
        "model.embed_tokens.weight", "transformer.wte.weight", "wte.weight", "model.shared.weight", "shared.weight", "model.encoder.embed_tokens.weight",
        "encoder.embed_tokens.weight", "embeddings.word_embeddings.weight", "roberta.embeddings.word_embeddings.weight",
    ];

    private readonly WeightFiles weights;
    private readonly TensorFile file;
    private readonly TensorEntry entry;
    private readonly int rowBytes;

    private EmbeddingRows(WeightFiles weights, TensorFile file, TensorEntry entry)
    {
        (this.weights, this.file, this.entry) = (weights, file, entry);
        (Count, Width) = (checked((int)entry.Shape[0]), checked((int)entry.Shape[1]));
        rowBytes = Width * SafetensorsTypes.Size(entry.Type);
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>How many numbers a row has.</summary>
    public int Width { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">A Hugging Face folder with weights.</param>
    /// <exception cref="LlamaxException">It has no weights, or none that is known as the embedding.</exception>
    public static EmbeddingRows Open(string folder)
    {
        var opened = WeightFiles.Open(folder);
        try
        {
            var matrix = opened.Find(Names)
                ?? throw new LlamaxException($"{folder}: none of the weights is an input embedding; it would be called {string.Join(", ", Names)}.");
            return matrix.Shape is [> 0 and <= int.MaxValue, > 0 and <= 1 << 20] && NumberRow.Knows(matrix.Type)
                ? new EmbeddingRows(opened, opened.Holding(matrix.Name), matrix)
                : throw new LlamaxException($"{folder}: '{matrix.Name}' is [{string.Join(", ", matrix.Shape)}] of {matrix.Type}; expected is a matrix of a floating-point type.");
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Reads a row.</summary>
    /// <param name="row">From 0 to <see cref="Count"/>, exclusive.</param>
    /// <param name="numbers">Receives its <see cref="Width"/> numbers.</param>
    public void Read(int row, Span<double> numbers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        Span<byte> bytes = rowBytes <= 1 << 14 ? stackalloc byte[rowBytes] : new byte[rowBytes];
        file.ReadBytes(entry, (long)row * rowBytes, bytes);
        NumberRow.Read(bytes, entry.Type, numbers[..Width]);
    }

    /// <inheritdoc/>
    public void Dispose() => weights.Dispose();
}
