using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Metrics.Tokenization;
using Llamax.Text.Tokenizers;

namespace Llamax.Metrics.Tests;

/// <summary>What sacreBLEU 2.6.0 computed: see Fixtures/sacrebleu.json.</summary>
internal static class Reference
{
    private static readonly JsonObject Root = JsonNode.Parse(System.IO.File.ReadAllText(File("sacrebleu.json")))!.AsObject();

    private static readonly SentencePieceTokenizer Model = SentencePieceTokenizer.Load(File("toy_spm.model"));

    public static IEnumerable<Case> Cases(params string[] metrics) => Root["cases"]!.AsArray()
        .Select(node => new Case(node!.AsObject())).Where(item => metrics.Contains(item.Metric));

    /// <summary>Input line and its tokens.</summary>
    public static IEnumerable<(string Line, string Tokens)> TokenizerOutputs(string name) => Root["tokenizer_outputs"]![name]!
        .AsArray().Select(pair => (pair![0]!.GetValue<string>(), pair[1]!.GetValue<string>()));

    /// <summary>The tokenizer of that name; <c>flores101</c> stands for the small model that the references used.</summary>
    public static BleuTokenizer Tokenizer(string name) =>
        name == "flores101" ? BleuTokenizer.SentencePiece(name, Model) : BleuTokenizer.Find(name);

    public static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    internal sealed record Case(JsonObject Node)
    {
        public string Metric => Node["metric"]!.GetValue<string>();

        public string Name => Node["name"]!.GetValue<string>();

        public string[] Hypotheses => Node["hyps"].Deserialize<string[]>()!;

        public string[][] References => Node["refs"].Deserialize<string[][]>()!;

        public BleuOptions BleuOptions => new()
        {
            Tokenizer = Tokenizer(Option("tokenize", "13a")),
            Lowercase = Option("lowercase", false),
            Smoothing = Option("smooth_method", "exp") switch
            {
                "exp" => Smoothing.Exponential,
                "floor" => Smoothing.Floor,
                "add-k" => Smoothing.AddK,
                _ => Smoothing.None,
            },
            SmoothingValue = Option<double?>("smooth_value", null),
            EffectiveOrder = Option("effective_order", false),
            MaximumOrder = Option("max_ngram_order", 4),
        };

        public ChrfOptions ChrfOptions => new() { WordOrder = Option("word_order", 0) };

        public T Expected<T>(string name) => Node[name].Deserialize<T>()!;

        private T Option<T>(string name, T otherwise) => Node["kwargs"]![name] is { } value ? value.Deserialize<T>()! : otherwise;
    }
}
