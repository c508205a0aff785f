using Llamax.Corpora.Dictionaries;
using Llamax.Models;
using Llamax.Text.Tokenizers;

namespace Llamax.Evaluation.Analysis.Lexicons;

/// <summary>
/// The "similarity" of the paper's Table 2: how alike a dictionary's words and their translations are to a model. A word's
/// vector is the mean of the input embedding rows of its tokens, as the paper says ("simple average with entity token
/// embeddings"); two words are as similar as the cosine of their vectors; a direction's value is the mean over its entries.
/// </summary>
public sealed class EntrySimilarity : IDisposable
{
    private readonly EmbeddingRows rows;
    private readonly Tokenizer tokenizer;
    private readonly List<int> ids = [];
    private readonly double[] row;
    private readonly double[] word;
    private readonly double[] translation;

    /// <summary>Opens a model's embedding.</summary>
    /// <param name="folder">A Hugging Face folder with safetensors weights.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="LlamaxException">The folder has no embedding, or one with fewer rows than the tokenizer has pieces.</exception>
    public EntrySimilarity(string folder, Tokenizer tokenizer)
    {
        (rows, this.tokenizer) = (EmbeddingRows.Open(folder), tokenizer);
        if (tokenizer.VocabularySize > rows.Count)
        {
            rows.Dispose();
            throw new LlamaxException($"{folder}: the embedding has {rows.Count:N0} rows, but the tokenizer {tokenizer.VocabularySize:N0} pieces: they do not belong together.");
        }

        (row, word, translation) = (new double[rows.Width], new double[rows.Width], new double[rows.Width]);
    }

    /// <summary>The mean cosine of a direction's entries; null where it has none.</summary>
    /// <param name="lexicon">The lexicon.</param>
    /// <param name="from">Code of the words' language.</param>
    /// <param name="to">Code of the translations' language.</param>
    /// <param name="cancellationToken">Ends the measuring.</param>
    public double? Measure(MultilingualLexicon lexicon, string from, string to, CancellationToken cancellationToken = default)
    {
        var (sum, count) = (0.0, 0L);
        string? last = null;
        foreach (var entry in lexicon.Translations(from, to))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Word != last)
            {
                Average(entry.Word, word);
                last = entry.Word;
            }

            Average(entry.Translation, translation);
            sum += Cosine(word, translation);
            count++;
        }

        return count == 0 ? null : sum / count;
    }

    /// <inheritdoc/>
    public void Dispose() => rows.Dispose();

    /// <summary>0 where a vector is zero: it is like nothing.</summary>
    private static double Cosine(double[] a, double[] b)
    {
        var (product, squaresOfA, squaresOfB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            product += a[i] * b[i];
            squaresOfA += a[i] * a[i];
            squaresOfB += b[i] * b[i];
        }

        return squaresOfA > 0 && squaresOfB > 0 ? product / Math.Sqrt(squaresOfA * squaresOfB) : 0;
    }

    /// <summary>The sum has the mean's direction, which is all that counts.</summary>
    private void Average(string text, double[] sum)
    {
        sum.AsSpan().Clear();
        ids.Clear();
        tokenizer.Encode(text, ids, SpecialTokens.Text);
        foreach (var id in ids)
        {
            rows.Read(id, row);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += row[i];
            }
        }
    }
}
