using Llamax.Models;
using Llamax.Models.Attention;
using Llamax.Models.Checkpoints;
using Llamax.Models.Safetensors;
using Llamax.Translation.Generation;
using static TorchSharp.torch;

namespace Llamax.Translation.Checking;

/// <summary>
/// Runs the reference inputs that lie in a model folder (<c>expected.json</c>, <c>expected.safetensors</c>) and compares
/// with the reference outputs: how anyone finds out whether a machine, a number type or a port computes what the original
/// computed.
/// </summary>
public static class ModelCheck
{
    /// <summary>The largest absolute difference of logits, states, losses and scores that passes.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Runs all checks of a folder.</summary>
    /// <param name="folder">A model folder with its reference outputs.</param>
    /// <param name="type">Number type to compute in.</param>
    /// <param name="batchTokens">The token budget of the searches.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    /// <exception cref="LlamaxException">There is nothing to compare with, or a file is broken.</exception>
    public static IReadOnlyList<CheckResult> Run(
        string folder, ScalarType type = ScalarType.Float32, int batchTokens = 4096, CancellationToken cancellationToken = default)
    {
        var file = Path.Combine(folder, "expected.json");
        if (!File.Exists(file))
        {
            throw new LlamaxException(
                $"{folder}: there is no expected.json, so there is nothing to compare with. Put the reference outputs of the model beside its weights.");
        }

        using var model = ModelFolder.Load(folder, type);
        var expected = ExpectedFile.Read(file, model.Config.VocabularySize);
        var results = new List<CheckResult>();
        var tensors = Path.Combine(folder, "expected.safetensors");
        using var references = File.Exists(tensors) ? SafetensorsFile.Open(tensors) : null;
        foreach (var (name, input) in expected.Forward)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.AddRange(Forward(model, name, input, references));
        }

        var endIds = EndTokens.Read(folder, model.Config);
        foreach (var (name, generate) in expected.Generate)
        {
            var input = expected.InputOf(name, generate, file);
            results.Add(Generate(model, endIds, name, input, generate, batchTokens, file, cancellationToken));
        }

        return results.Count > 0 ? results : throw new LlamaxException($"{file}: neither 'forward' nor 'generate' has a case.");
    }

    private static List<CheckResult> Forward(
        CausalLanguageModel model, string name, ExpectedFile.ForwardCase input, TensorFile? references)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var (rows, columns) = (input.InputIds.Length, input.InputIds[0].Length);
        using var mask = Matrix(input.AttentionMask ?? [.. input.InputIds.Select(row => Enumerable.Repeat(1L, row.Length).ToArray())]);
        using var attention = new MaskedAttention(mask);
        var positions = input.PositionIds is { } ids ? Matrix(ids) : (mask.cumsum(-1) - 1).clamp_min(0);
        var hidden = model.Hidden(Matrix(input.InputIds), positions, attention);
        var logits = model.Logits(hidden).to(ScalarType.Float32);
        var results = new List<CheckResult>();
        Compare("logits", logits);
        Compare($"hidden_states.{model.Config.Layers}", hidden.to(ScalarType.Float32));
        if (input.Labels is { } labels && input.Loss is { } loss)
        {
            var found = nn.functional.cross_entropy(
                logits.narrow(1, 0, columns - 1).flatten(0, 1), Matrix(labels).narrow(1, 1, columns - 1).flatten()).item<float>();
            results.Add(Judge("loss", Math.Abs(found - loss)));
        }

        return results;

        void Compare(string what, Tensor found)
        {
            if (references?.Find($"{name}.{what}") is not { } entry)
            {
                return;
            }

            if (!entry.Shape.SequenceEqual(found.shape))
            {
                results.Add(new CheckResult($"forward.{name}.{what}", false, null,
                    $"expected shape [{string.Join(", ", entry.Shape)}], found [{string.Join(", ", found.shape)}]"));
                return;
            }

            var difference = (found - references.Read(entry.Name, ScalarType.Float32)).abs().amax([-1]);
            results.Add(Judge(what, difference.masked_fill(mask.eq(0), 0).max().item<float>()));
        }

        CheckResult Judge(string what, double difference) => new(
            $"forward.{name}.{what}", difference <= Tolerance, difference, // Not a number fails too.
            difference <= Tolerance ? "" : $"more than {Tolerance} from the reference");

        Tensor Matrix(long[][] values) =>
            tensor(values.SelectMany(row => row).ToArray(), [rows, columns]).to(model.Device);
    }

    private static CheckResult Generate(
        CausalLanguageModel model, IReadOnlyList<int> endIds, string name, ExpectedFile.ForwardCase input,
        ExpectedFile.GenerateCase expected, int batchTokens, string file, CancellationToken cancellationToken)
    {
        if (expected.Kwargs.DoSample)
        {
            throw new LlamaxException($"{file}: generate.{name}: a sampled output is no reference.");
        }

        if (endIds.Count == 0)
        {
            throw new LlamaxException($"{file}: generate.{name} needs an end token, and the model's configuration has no eos_token_id.");
        }

        int[][] prompts = [.. input.InputIds.Select((row, r) => row.Where((_, column) => input.IsReal(r, column)).Select(id => (int)id).ToArray())];
        var options = expected.Kwargs.ToOptions(batchTokens);
        var found = new BeamSearch(model, endIds).Generate(prompts, options, cancellationToken);
        var sequences = Sequences(input, found, options, endIds, model.Config.PadId ?? endIds[0]);
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
    private static int[][] Sequences(
        ExpectedFile.ForwardCase input, IReadOnlyList<IReadOnlyList<Hypothesis>> found, GenerationOptions options,
        IReadOnlyList<int> endIds, int pad)
    {
        var rows = new List<List<int>>();
        for (var sentence = 0; sentence < found.Count; sentence++)
        {
            foreach (var hypothesis in found[sentence])
            {
                var row = input.InputIds[sentence].Select(id => (int)id).Concat(hypothesis.Ids).ToList();
                if (hypothesis.EndId is { } end)
                {
                    row.Add(options.Beams == 1 ? end : endIds[0]); // Beam search writes the first, whichever it was.
                }

                rows.Add(row);
            }
        }

        var length = rows.Max(row => row.Count);
        return [.. rows.Select(row => row.Concat(Enumerable.Repeat(pad, length - row.Count)).ToArray())];
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
