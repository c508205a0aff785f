using Llamax.Evaluation.Matrix;
using Llamax.Evaluation.Results;
using Llamax.Metrics;
using Llamax.Metrics.Tokenization;
using Llamax.Testing;
using Llamax.Text.Randomness;

namespace Llamax.Evaluation.Tests.Matrix;

public sealed class MatrixEvaluatorTests : IDisposable
{
    private static readonly Metric[] Metrics = [new Bleu(new BleuOptions { Tokenizer = BleuTokenizer.Characters }), new Chrf()];

    private static readonly TestSet Lines = new("toy", new Dictionary<string, IReadOnlyList<string>>
    {
        ["en"] = ["one", "two"],
        ["fr"] = ["un", "deux"],
        ["ta"] = ["a", "b\u2028c"],
    });

    private static readonly IReadOnlyList<(string Source, string Target)> All = Directions.Select(["*-*"], ["en", "fr", "ta"]);

    private readonly TemporaryFolder folder = new();
    private readonly Upper system = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_direction_is_translated_kept_and_scored()
    {
        var progress = new List<int>();
        var scores = Evaluator().Evaluate(system, All, progress.Add, default);

        var chrf = new Chrf().Corpus(["ONE>fr", "TWO>fr"], ["un", "deux"]);
        Assert.Equal(new ScoreRecord("upper", "toy", "en-fr", "chrF", chrf.Value, chrf.Signature, 2), scores[1]);
        Assert.Equal(All.SelectMany(d => Metrics.Select(metric => $"{d.Source}-{d.Target} {metric.Name}")), scores.Select(score => $"{score.Direction} {score.Metric}"));
        Assert.Equal("one\ntwo\n", File.ReadAllText(folder.File("upper/en-fr.src")));
        Assert.Equal("un\ndeux\n", File.ReadAllText(folder.File("upper/en-fr.ref")));
        Assert.Equal("ONE>fr\nTWO>fr\n", File.ReadAllText(folder.File("upper/en-fr.hyp")));
        Assert.Equal([2, 4, 6], progress);
    }

    [Fact]
    public void What_is_there_is_not_translated_again_and_batches_do_not_depend_on_what_is_there()
    {
        var scores = Evaluator().Evaluate(system, All, _ => { }, default);
        system.Calls.Clear();
        Assert.Equal(scores, Evaluator().Evaluate(system, All, _ => { }, default));
        Assert.Empty(system.Calls);

        File.Delete(folder.File("upper/fr-en.hyp"));
        Assert.Equal(scores, Evaluator().Evaluate(system, All, _ => { }, default));
        Assert.Equal(["fr-en fr-en ta-en ta-en"], system.Calls);
    }

    [Fact]
    public void Another_sample_is_translated_anew()
    {
        Evaluator().Evaluate(system, All, _ => { }, default);
        system.Calls.Clear();
        var other = new TestSet("toy", Lines.Lines.ToDictionary(each => each.Key, IReadOnlyList<string> (each) => [each.Value[1], each.Value[0]]));
        new MatrixEvaluator(folder.Path, other, Metrics).Evaluate(system, All, _ => { }, default);

        Assert.Equal(3, system.Calls.Count);
    }

    [Fact]
    public void Another_model_or_other_options_under_the_same_name_are_translated_anew()
    {
        Evaluator().Evaluate(system, All, _ => { }, default);
        system.Calls.Clear();
        system.Settings = "another model";
        Evaluator().Evaluate(system, [("en", "fr")], _ => { }, default);

        Assert.Equal(["en-fr en-fr"], system.Calls);
        Assert.Equal("another model", File.ReadAllText(folder.File("upper/settings.json")));
        Assert.False(File.Exists(folder.File("upper/en-ta.hyp")), "What the other model wrote must not pass for this one's.");
    }

    [Fact]
    public void An_interrupted_evaluation_keeps_what_is_finished()
    {
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Evaluator().Evaluate(system, All, _ => cancellation.Cancel(), cancellation.Token));
        Evaluator().Evaluate(system, All, _ => { }, default);

        Assert.Equal(3, system.Calls.Count);
    }

    [Fact]
    public void Languages_of_different_lengths_are_refused()
    {
        var error = Assert.Throws<LlamaxException>(() =>
            new TestSet("toy", new Dictionary<string, IReadOnlyList<string>> { ["en"] = ["a"], ["fr"] = ["b", "c"] }));
        Assert.Equal("The test set toy is not line-aligned: en has 1 lines, fr has 2.", error.Message);
        Assert.Throws<LlamaxException>(() => new TestSet("toy", new Dictionary<string, IReadOnlyList<string>>()));
        Assert.Throws<LlamaxException>(() => new TestSet("toy", new Dictionary<string, IReadOnlyList<string>> { ["en"] = [] }));
    }

    [Fact]
    public void A_sample_takes_the_same_lines_of_every_language_in_their_order()
    {
        var numbers = Enumerable.Range(0, 50).ToArray();
        var set = new TestSet("n", new Dictionary<string, IReadOnlyList<string>>
        {
            ["en"] = [.. numbers.Select(i => $"en {i:D2}")],
            ["fr"] = [.. numbers.Select(i => $"fr {i:D2}")],
        });
        var sample = set.Sample(7, new RandomStream(1, "sample"));

        Assert.Equal(7, sample.Count);
        Assert.Equal(sample.Lines["en"].Select(line => line[3..]), sample.Lines["fr"].Select(line => line[3..]));
        Assert.Equal(sample.Lines["en"].Order(), sample.Lines["en"]);
        Assert.NotEqual(set.Lines["en"].Take(7), sample.Lines["en"]);
        Assert.Equal(50, set.Sample(0, new RandomStream(1)).Count);
        Assert.Equal(50, set.Sample(60, new RandomStream(1)).Count);
    }

    private MatrixEvaluator Evaluator() => new(folder.Path, Lines, Metrics);

    private sealed class Upper : ITranslationSystem
    {
        public List<string> Calls { get; } = [];

        public string Name => "upper";

        public string Settings { get; set; } = "a model";

        public IReadOnlyList<string> Translate(IReadOnlyList<TranslationTask> tasks, CancellationToken cancellationToken)
        {
            Calls.Add(string.Join(' ', tasks.Select(task => $"{task.Source}-{task.Target}")));
            return [.. tasks.Select(task => $"{task.Text.ToUpperInvariant()}>{task.Target}")];
        }
    }
}
