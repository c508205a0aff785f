using Llamax.Translation.Generation;
using static TorchSharp.torch;

namespace Llamax.Translation.Checking;

/// <summary>Compares what a search finds with the reference's sequences and scores.</summary>
/// <param name="search">The search.</param>
/// <param name="endIds">Tokens that end a text.</param>
/// <param name="startId">What the decoder of an encoder-decoder model begins with; null for causal language models.</param>
/// <param name="padId">What fills rows; the first end token where null.</param>
/// <param name="batchTokens">The search's token budget.</param>
/// <param name="file">What messages name.</param>
internal sealed class GenerateCheck(BeamSearch search, IReadOnlyList<int> endIds, int? startId, int? padId, int batchTokens, string file)
{
    private static readonly double Tolerance = ModelCheck.Tolerance(ScalarType.Float32);

    /// <summary>Runs one case.</summary>
    /// <exception cref="LlamaxException">It is no reference, or the model has no end token.</exception>
    public CheckResult Run(
        string name, ExpectedFile.ForwardCase input, ExpectedFile.GenerateCase expected, CancellationToken cancellationToken)
    {
        if (expected.Kwargs.DoSample)
        {
            throw new LlamaxException($"{file}: generate.{name}: a sampled output is no reference.");
        }

        if (endIds.Count == 0)
        {
            throw new LlamaxException($"{file}: generate.{name} needs an end token, and the model's configuration has no eos_token_id.");
        }

        var read = input.InputIds.Select((row, r) => row.Where((_, column) => input.IsReal(r, column)).Select(id => (int)id).ToArray());
        List<Prompt> prompts = [.. read.Select(ids => startId is { } start
            ? new Prompt([start]) { Source = ids, ForcedFirst = expected.Kwargs.ForcedBosTokenId }
            : new Prompt(ids) { ForcedFirst = expected.Kwargs.ForcedBosTokenId })];
        var options = expected.Kwargs.ToOptions(batchTokens);
        var found = search.Generate(prompts, options, cancellationToken: cancellationToken);
        var sequences = Sequences(input, found, options);
        var detail = FirstDifference(expected.Sequences, sequences);
        double? difference = null;
        if (expected.SequencesScores is { } scores)
        {
            var foundScores = found.SelectMany(hypotheses => hypotheses.Select(hypothesis => hypothesis.Score)).ToArray();
            difference = foundScores.Length == scores.Length
                ? foundScores.Zip(scores, (a, b) => Math.Abs(a - b)).Max()
                : double.PositiveInfinity;
            if (!(difference <= Tolerance) && detail.Length == 0)
            {
                detail = $"a score is more than {Tolerance} from the reference";
            }
        }

        return new CheckResult($"generate.{name}", detail.Length == 0, difference, detail);
    }

    /// <summary>The output as Hugging Face lays it out: prompt with its padding, new tokens, an end token, padding.</summary>
    private int[][] Sequences(
        ExpectedFile.ForwardCase input, IReadOnlyList<IReadOnlyList<Hypothesis>> found, GenerationOptions options)
    {
        var rows = new List<List<int>>();
        for (var sentence = 0; sentence < found.Count; sentence++)
        {
            foreach (var hypothesis in found[sentence])
            {
                var before = startId is { } start ? [start] : input.InputIds[sentence].Select(id => (int)id);
                var row = before.Concat(hypothesis.Ids).ToList();
                if (hypothesis.EndId is { } end)
                {
                    row.Add(options.Beams == 1 ? end : endIds[0]); // Beam search writes the first, whichever it was.
                }

                rows.Add(row);
            }
        }

        var length = rows.Max(row => row.Count);
        return [.. rows.Select(row => row.Concat(Enumerable.Repeat(padId ?? endIds[0], length - row.Count)).ToArray())];
    }

    private static string FirstDifference(int[][] expected, int[][] found)
    {
        if (expected.Length != found.Length)
        {
            return $"expected {expected.Length} sequences, found {found.Length}";
        }

        for (var row = 0; row < expected.Length; row++)
        {
            var same = expected[row].AsSpan().CommonPrefixLength(found[row]);
            if (same < expected[row].Length || same < found[row].Length)
            {
                return $"sequence {row + 1}, token {same + 1}: expected {At(expected[row], same)}, found {At(found[row], same)}";
            }
        }

        return "";

        static string At(int[] row, int place) => place < row.Length ? $"{row[place]}" : "the end";
    }
}
