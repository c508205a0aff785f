using System.Diagnostics;
using Llamax.Benchmarks.Baseline;
using Llamax.Models;
using Llamax.Text.Randomness;
using Llamax.Translation.Generation;

namespace Llamax.Benchmarks.Compare;

/// <summary>
/// Our beam search beside the plain one: the same model with random weights, the same prompts, no end token, so both write
/// the same number of tokens. The two take turns in one process, and the best of the rounds counts, so that what else the
/// machine does falls on both.
/// </summary>
internal static class BeamSearchComparison
{
    private const int Beams = 4;
    private const int Rounds = 3;

    private static readonly (string Name, DecoderConfig Config, int Sentences, int NewTokens)[] Sizes =
    [
        ("5M", new DecoderConfig
        {
            VocabularySize = 4000, HiddenSize = 256, IntermediateSize = 688, Layers = 4, Heads = 4, KeyValueHeads = 4, HeadSize = 64,
        }, 16, 48),
        ("41M", new DecoderConfig
        {
            VocabularySize = 16_000, HiddenSize = 512, IntermediateSize = 1376, Layers = 8, Heads = 8, KeyValueHeads = 8, HeadSize = 64,
        }, 16, 48),
    ];

    public static int Run(string[] arguments)
    {
        Console.WriteLine($"{"model",-6}{"sentences",10}{"prompt",8}{"new",5}{"ours tok/s",12}{"plain tok/s",13}{"ratio",7}  same output");
        foreach (var (name, config, sentences, newTokens) in Sizes.Where(size => arguments.Length == 0 || arguments.Contains(size.Name)))
        {
            using var model = new CausalLanguageModel(config with { InitializerRange = 0.1 });
            model.InitializeWeights(new RandomStream(1, "weights"));
            var random = new RandomStream(1, "prompts");
            int[][] prompts = [.. Enumerable.Range(0, sentences).Select(_ =>
                Enumerable.Range(0, 50 + random.Next(21)).Select(_ => 3 + random.Next(config.VocabularySize - 3)).ToArray())];
            var search = new BeamSearch(model, []);
            var options = new GenerationOptions { Beams = Beams, MaxNewTokens = newTokens, BatchTokens = 1 << 20 };
            var (ours, plain) = (double.MaxValue, double.MaxValue);
            var same = 0;
            for (var round = 0; round <= Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                var found = search.Generate(prompts, options);
                var middle = Stopwatch.GetTimestamp();
                var expected = PlainBeamSearch.Run(model, prompts, Beams, newTokens);
                var end = Stopwatch.GetTimestamp();
                if (round > 0) // The first round warms up.
                {
                    ours = Math.Min(ours, Stopwatch.GetElapsedTime(start, middle).TotalSeconds);
                    plain = Math.Min(plain, Stopwatch.GetElapsedTime(middle, end).TotalSeconds);
                }

                same = found.Zip(expected).Count(pair => pair.First[0].Ids.Select(id => (long)id).SequenceEqual(pair.Second));
            }

            var tokens = sentences * newTokens;
            Console.WriteLine(
                $"{name,-6}{sentences,10}{prompts.Average(prompt => prompt.Length),8:F0}{newTokens,5}{tokens / ours,12:F0}{tokens / plain,13:F0}{plain / ours,7:F2}  {same} of {sentences}");
        }

        return 0;
    }
}
