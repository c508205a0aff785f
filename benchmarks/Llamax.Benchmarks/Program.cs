using BenchmarkDotNet.Running;
using Llamax.Benchmarks.Compare;

// A comparison runs by its name; anything else are BenchmarkDotNet's own arguments.
return args switch
{
    ["beam-search", .. var rest] => BeamSearchComparison.Run(rest),
    ["code-switching", .. var rest] => CodeSwitchingComparison.Run(rest),
    ["data-build", .. var rest] => DataBuildComparison.Run(rest),
    ["products"] => ProductsComparison.Run(),
    ["tokenization", .. var rest] => TokenizationComparison.Run(rest),
    ["tokenizer-training", .. var rest] => TokenizerTrainingComparison.Run(rest),
    ["training-step", .. var rest] => TrainingStepComparison.Run(rest),
    _ => BenchmarkSwitcher.FromAssembly(typeof(TrainingStepComparison).Assembly).Run(args).Any() ? 0 : 1,
};
