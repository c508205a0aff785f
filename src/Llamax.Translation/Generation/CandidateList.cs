using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Llamax.Translation.Generation;

/// <summary>
/// The best continuations of each sentence's beams in one step, best first. On the CPU the logits are read once from
/// where they lie, row by row, with log-softmax and selection in one go; elsewhere, and for more logits than a span holds,
/// tensors do it and only the candidates come back.
/// </summary>
internal sealed class CandidateList(int perSentence)
{
    // Below this many logits a second thread costs more than it saves.
    private const int ParallelFrom = 1 << 16;

    // From here on a span cannot hold the bytes of the logits.
    private const long TooManyLogits = 1 << 29;

    private int[] counts = [];

    /// <summary>Candidates per sentence.</summary>
    public int PerSentence => perSentence;

    /// <summary>Sums of log-probabilities, [sentence, rank].</summary>
    public float[] Scores { get; private set; } = [];

    /// <summary>Tokens, [sentence, rank].</summary>
    public int[] Tokens { get; private set; } = [];

    /// <summary>The beam that each continues, [sentence, rank].</summary>
    public int[] Beams { get; private set; } = [];

    /// <summary>How many candidates of finite probability the sentence has; at most as many as were asked for.</summary>
    public int Count(int sentence) => counts[sentence];

    /// <summary>Finds the candidates.</summary>
    /// <param name="logits">[sentences × beams, vocabulary], of any floating type on any device; rules may write into it.</param>
    /// <param name="sums">Sum of log-probabilities of each beam so far, [sentences × beams].</param>
    /// <param name="live">Sentences in <paramref name="logits"/>.</param>
    /// <param name="rules">What changes the scores of each row; may be null.</param>
    public void Fill(Tensor logits, float[] sums, int live, RowRules? rules = null)
    {
        if (logits.device_type != DeviceType.CPU || logits.numel() >= TooManyLogits)
        {
            FillByTensors(logits, sums, live, rules);
            return;
        }

        MakeRoom(live);
        using var scope = NewDisposeScope();
        var rows = logits.to(ScalarType.Float32).contiguous();
        var beams = (int)rows.shape[0] / live;
        var vocabulary = (int)rows.shape[1];
        ForEachSentence(rows, live, (sentence, values) => FillSentence(sentence, values, sums, beams, vocabulary, rules));
    }

    /// <summary>Draws what each sentence goes on with: its only candidate. Sentences have one beam.</summary>
    /// <param name="logits">[sentences, vocabulary], of any floating type on any device; rules may write into it.</param>
    /// <param name="sums">Sum of log-probabilities so far, [sentences].</param>
    /// <param name="samplers">Who draws for each sentence.</param>
    /// <param name="rules">What changes the logits of each row; may be null.</param>
    public unsafe void Draw(Tensor logits, float[] sums, IReadOnlyList<TokenSampler> samplers, RowRules? rules = null)
    {
        MakeRoom(samplers.Count);
        using var scope = NewDisposeScope();
        var rows = logits.to(ScalarType.Float32).cpu().contiguous();
        var vocabulary = (int)rows.shape[1];
        ForEachSentence(rows, samplers.Count, (sentence, values) =>
        {
            var row = new Span<float>((float*)values + ((long)sentence * vocabulary), vocabulary);
            rules?.Apply(row, 0, sentence);
            counts[sentence] = 0;
            if (samplers[sentence].Next(row) is { } token)
            {
                var (max, logSum) = LogSumExp(row);
                (Scores[sentence], Tokens[sentence], Beams[sentence]) = (row[token] - max - logSum + sums[sentence], token, 0);
                counts[sentence] = 1;
            }
        });
    }

    /// <summary>The same by tensor operations: what runs on other devices, and what the fast path is tested against.</summary>
    internal void FillByTensors(Tensor logits, float[] sums, int live, RowRules? rules = null)
    {
        MakeRoom(live);
        using var scope = NewDisposeScope();
        var vocabulary = logits.shape[1];
        var numbers = logits.to(ScalarType.Float32);
        var scores = rules is null ? nn.functional.log_softmax(numbers, -1)
            : rules.OnLogits ? nn.functional.log_softmax(rules.Apply(numbers), -1)
            : rules.Apply(nn.functional.log_softmax(numbers, -1));
        scores += tensor(sums.AsSpan(0, (int)logits.shape[0]).ToArray(), device: logits.device).unsqueeze(1);
        var (values, indices) = scores.view(live, -1).topk(perSentence, dim: -1);
        var bestScores = values.cpu().data<float>().ToArray();
        var bestIndices = indices.cpu().data<long>().ToArray();
        for (var i = 0; i < bestScores.Length; i++)
        {
            Scores[i] = bestScores[i];
            Tokens[i] = (int)(bestIndices[i] % vocabulary);
            Beams[i] = (int)(bestIndices[i] / vocabulary);
        }

        for (var sentence = 0; sentence < live; sentence++)
        {
            counts[sentence] = bestScores.AsSpan(sentence * perSentence, perSentence).ToArray().Count(float.IsFinite);
        }
    }

    private static unsafe void ForEachSentence(Tensor rows, int sentences, Action<int, nint> fill)
    {
        fixed (byte* start = rows.bytes)
        {
            var values = (nint)start;
            if (rows.numel() < ParallelFrom)
            {
                for (var sentence = 0; sentence < sentences; sentence++)
                {
                    fill(sentence, values);
                }
            }
            else
            {
                Parallel.For(0, sentences, sentence => fill(sentence, values));
            }
        }
    }

    private void MakeRoom(int sentences)
    {
        if (counts.Length < sentences)
        {
            counts = new int[sentences];
            (Scores, Tokens, Beams) = (new float[sentences * perSentence], new int[sentences * perSentence], new int[sentences * perSentence]);
        }
    }

    private unsafe void FillSentence(int sentence, nint values, float[] sums, int beams, int vocabulary, RowRules? rules)
    {
        counts[sentence] = 0;
        for (var beam = 0; beam < beams; beam++)
        {
            var row = (sentence * beams) + beam;
            FillRow(new Span<float>((float*)values + ((long)row * vocabulary), vocabulary), sums[row], sentence, beam, row, rules);
        }
    }

    private void FillRow(Span<float> logits, float sum, int sentence, int beam, int row, RowRules? rules)
    {
        if (rules is { OnLogits: true })
        {
            rules.Apply(logits, 0, row);
        }

        var (max, logSum) = LogSumExp(logits);
        if (rules is { OnLogits: false })
        {
            rules.Apply(logits, max + logSum, row);
        }

        var (maxes, logSums, before) = (new Vector<float>(max), new Vector<float>(logSum), new Vector<float>(sum));
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var threshold = Threshold(sentence);
        for (var i = 0; i < vectors.Length; i++)
        {
            // In this order of operations a score is the reference's to the last bit, given the same logits.
            if (Vector.GreaterThanAny(vectors[i] - maxes - logSums + before, new Vector<float>(threshold)))
            {
                for (var j = i * Vector<float>.Count; j < (i + 1) * Vector<float>.Count; j++)
                {
                    Offer(logits[j] - max - logSum + sum, j, beam, sentence);
                }

                threshold = Threshold(sentence);
            }
        }

        for (var j = vectors.Length * Vector<float>.Count; j < logits.Length; j++)
        {
            Offer(logits[j] - max - logSum + sum, j, beam, sentence);
        }
    }

    /// <summary>The greatest value and the logarithm of the sum of exp(value − greatest).</summary>
    private static (float Max, float LogSum) LogSumExp(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var max = float.NegativeInfinity;
        var maxes = new Vector<float>(max);
        foreach (var vector in vectors)
        {
            maxes = Vector.Max(maxes, vector);
        }

        var rest = values[(vectors.Length * Vector<float>.Count)..];
        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            max = Math.Max(max, maxes[lane]);
        }

        foreach (var value in rest)
        {
            max = Math.Max(max, value);
        }

        var sums = Vector<float>.Zero;
        maxes = new Vector<float>(max);
        foreach (var vector in vectors)
        {
            sums += Vector.Exp(vector - maxes);
        }

        var sum = (double)Vector.Sum(sums);
        foreach (var value in rest)
        {
            sum += MathF.Exp(value - max);
        }

        return (max, (float)Math.Log(sum));
    }

    private float Threshold(int sentence) =>
        counts[sentence] < perSentence ? float.NegativeInfinity : Scores[((sentence + 1) * perSentence) - 1];

    /// <summary>Puts a candidate into its place; of equal ones the first offered stays first.</summary>
    private void Offer(float score, int token, int beam, int sentence)
    {
        if (!(score > Threshold(sentence)))
        {
            return; // Also where the score is not a number.
        }

        var first = sentence * perSentence;
        var place = first + Math.Min(counts[sentence], perSentence - 1);
        counts[sentence] = Math.Min(counts[sentence] + 1, perSentence);
        for (; place > first && Scores[place - 1] < score; place--)
        {
            (Scores[place], Tokens[place], Beams[place]) = (Scores[place - 1], Tokens[place - 1], Beams[place - 1]);
        }

        (Scores[place], Tokens[place], Beams[place]) = (score, token, beam);
    }
}
