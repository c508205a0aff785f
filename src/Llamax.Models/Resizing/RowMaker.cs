using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers.Extending;

namespace Llamax.Models.Resizing;

/// <summary>Makes the rows of a matrix's new pieces from the old ones, one at a time.</summary>
internal sealed class RowMaker
{
    private readonly TensorFile file;
    private readonly TensorEntry entry;
    private readonly VocabularyExtension extension;
    private readonly ResizeOptions options;
    private readonly string noiseName;
    private readonly int rowBytes;
    private readonly double[] mean;
    private readonly double[] deviation;
    private readonly byte[] stored;
    private readonly double[] row;
    private readonly double[] sum;

    /// <summary>Prepares the maker: reads the matrix once where its mean is needed.</summary>
    /// <param name="file">Where the matrix lies.</param>
    /// <param name="entry">The matrix.</param>
    /// <param name="extension">The new pieces.</param>
    /// <param name="options">How rows start.</param>
    /// <param name="noiseName">Names the noise: tied matrices have the same.</param>
    public RowMaker(TensorFile file, TensorEntry entry, VocabularyExtension extension, ResizeOptions options, string noiseName)
    {
        (this.file, this.entry, this.extension, this.options, this.noiseName) = (file, entry, extension, options, noiseName);
        var width = (int)entry.Shape[1];
        rowBytes = checked(width * SafetensorsTypes.Size(entry.Type));
        stored = new byte[rowBytes];
        (mean, deviation, row, sum) = (new double[width], new double[width], new double[width], new double[width]);
        if (options.Init != RowInit.Zeros)
        {
            Measure();
        }
    }

    /// <summary>Bytes of a row.</summary>
    public int RowBytes => rowBytes;

    /// <summary>The bytes of a row that is new.</summary>
    /// <param name="id">Its number; behind the last piece for rows that only pad: they are the mean, or zeros.</param>
    /// <param name="bytes">Receives them.</param>
    public void Make(int id, Span<byte> bytes)
    {
        var isPiece = id < extension.Size;
        if (options.Init is RowInit.Subwords or RowInit.SubwordsWithNoise && isPiece)
        {
            Subwords(extension.Pieces[id - extension.BaseSize]);
        }
        else
        {
            mean.CopyTo(sum, 0);
        }

        NumberRow.Write(sum, entry.Type, bytes);
    }

    private void Subwords(NewPiece piece)
    {
        Array.Clear(sum);
        foreach (var id in piece.BaseIds)
        {
            Read(id);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += row[i] / piece.BaseIds.Count;
            }
        }

        if (options.Init == RowInit.SubwordsWithNoise)
        {
            var random = new RandomStream(options.Seed, "tokenizer", "extend", noiseName, piece.Text);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += options.NoiseScale * deviation[i] * random.NextGaussian();
            }
        }
    }

    /// <summary>Mean and standard deviation of each column over the old pieces: rows that pad mean nothing.</summary>
    private void Measure()
    {
        for (var id = 0; id < extension.BaseSize; id++)
        {
            Read(id);
            for (var i = 0; i < row.Length; i++)
            {
                var difference = row[i] - mean[i]; // Welford, 1962.
                mean[i] += difference / (id + 1);
                deviation[i] += difference * (row[i] - mean[i]);
            }
        }

        for (var i = 0; i < row.Length; i++)
        {
            deviation[i] = Math.Sqrt(deviation[i] / extension.BaseSize);
        }
    }

    private void Read(int id)
    {
        file.ReadBytes(entry, (long)id * rowBytes, stored);
        NumberRow.Read(stored, entry.Type, row);
    }
}
