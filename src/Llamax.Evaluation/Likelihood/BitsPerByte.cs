using System.Text;
using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Text.Languages;
using Llamax.Text.Tokenizers;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Llamax.Evaluation.Likelihood;

/// <summary>
/// How well a model predicts text, comparable between tokenizers: the sum of −log2 p over the tokens of each document,
/// divided by the documents' UTF-8 bytes. BOS is given before the first token; the end of a document is no part of its
/// text and is not predicted, as in the bits_per_byte of EleutherAI's lm-evaluation-harness.
/// </summary>
public static class BitsPerByte
{
    private const long LogitsAtOnce = 1 << 24; // 64 MiB in float32.

    /// <summary>Measures lines of text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer; where it has no BOS, the first token of a document is given instead.</param>
    /// <param name="documents">The text; empty documents are passed over.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    /// <returns>Bits per byte; lower is better.</returns>
    /// <exception cref="LlamaxException">There is no text, or a document is longer than the model's positions.</exception>
    public static double Measure(
        CausalLanguageModel model, Tokenizer tokenizer, IReadOnlyList<string> documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var rows = new List<int[]>();
        var bytes = 0L;
        for (var i = 0; i < documents.Count; i++)
        {
            if (documents[i].Length == 0)
            {
                continue;
            }

            var ids = Frame(tokenizer, documents[i]);
            if (ids.Length > model.Config.MaxPositions)
            {
                throw new LlamaxException(
                    $"Document {i + 1} has {ids.Length:N0} tokens, and the model has {model.Config.MaxPositions:N0} positions: shorten or split it.");
            }

            rows.Add(ids);
            bytes += Encoding.UTF8.GetByteCount(documents[i]);
        }

        if (bytes == 0)
        {
            throw new LlamaxException("There is no text to measure bits per byte on.");
        }

        return Bits(model, rows, cancellationToken) / bytes;
    }

    /// <summary>Joins consecutive lines into documents, as the language writes sentences one after another.</summary>
    /// <param name="lines">Sentences in their order; empty ones are passed over.</param>
    /// <param name="count">Lines of a document; the last one may have fewer.</param>
    /// <param name="language">Whose lines they are: Chinese and Japanese put no space between sentences.</param>
    public static IReadOnlyList<string> Documents(IEnumerable<string> lines, int count, Language language)
    {
        ArgumentNullException.ThrowIfNull(language);
        var separator = language.Words is "chinese" or "japanese" ? "" : " ";
        return [.. lines.Where(line => line.Length > 0).Chunk(count).Select(chunk => string.Join(separator, chunk))];
    }

    private static int[] Frame(Tokenizer tokenizer, string document) =>
        SequenceFrame.ForTraining(tokenizer, begins: true, ends: false).Around(tokenizer.Encode(document, SpecialTokens.Text));

    private static double Bits(CausalLanguageModel model, List<int[]> rows, CancellationToken cancellationToken)
    {
        rows.Sort((a, b) => b.Length.CompareTo(a.Length));
        var nats = 0.0;
        for (var start = 0; start < rows.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var columns = rows[start].Length;
            var count = (int)Math.Clamp(LogitsAtOnce / ((long)columns * model.Config.VocabularySize), 1, rows.Count - start);
            nats += Nats(model, rows.GetRange(start, count), columns);
            start += count;
        }

        return nats / Math.Log(2);
    }

    /// <summary>The sum of −ln p of all tokens after the first of each row.</summary>
    private static double Nats(CausalLanguageModel model, List<int[]> rows, int columns)
    {
        const long Ignored = -100;
        if (columns < 2)
        {
            return 0;
        }

        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var inputs = new long[rows.Count * (columns - 1)];
        var labels = new long[inputs.Length];
        Array.Fill(labels, Ignored);
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j + 1 < rows[i].Length; j++)
            {
                inputs[(i * (columns - 1)) + j] = rows[i][j];
                labels[(i * (columns - 1)) + j] = rows[i][j + 1];
            }
        }

        var ids = tensor(inputs, [rows.Count, columns - 1], device: model.Device);
        var positions = arange(columns - 1, dtype: ScalarType.Int64, device: model.Device).unsqueeze(0);
        var logits = model.Logits(model.Hidden(ids, positions, new CausalAttention())).to(ScalarType.Float32).flatten(0, 1);
        var losses = F.cross_entropy(logits, tensor(labels, device: model.Device), ignore_index: Ignored, reduction: nn.Reduction.None);
        return losses.sum(ScalarType.Float64).item<double>();
    }
}
