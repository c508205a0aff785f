using System.CommandLine;
using Llamax.Corpora.Patterns;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data patterns</c>: a parallel corpus from sentence patterns, as the starter corpus is made.</summary>
internal static class DataPatternsCommand
{
    public static Command Create()
    {
        var defaults = new PatternCorpusOptions();
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder with the pattern files (*.txt)." };
        var output = new Option<DirectoryInfo>("--out") { Description = "Folder for what is generated.", Required = true };
        var seed = new Option<long>("--seed") { Description = "Seed of every draw.", DefaultValueFactory = _ => defaults.Seed };
        var train = Number("--train", defaults.Train, "Sentences of parallel training text.");
        var test = Number("--test", defaults.Test, "Held-out sentences for the test.");
        var dev = Number("--dev", defaults.Dev, "Held-out sentences for development.");
        var english = Number("--mono-en", defaults.EnglishMonolingual, "Sentences of English monolingual text.");
        var others = Number("--mono", defaults.OtherMonolingual, "Sentences of monolingual text in each other language.");
        var instructions = Number("--instructions", defaults.Instructions, "Translation instructions in each direction.");
        var general = Number("--general", defaults.GeneralInstructions, "Instructions of other kinds, in English.");
        var command = new Command("patterns", "Generates parallel text, dictionaries and instructions from sentence patterns.")
        {
            folder, output, seed, train, test, dev, english, others, instructions, general,
        };
        command.SetAction(parsed =>
        {
            var world = PatternWorld.Load(parsed.GetRequiredValue(folder).FullName);
            var corpus = PatternCorpus.Generate(world, defaults with
            {
                Seed = parsed.GetValue(seed),
                Train = parsed.GetValue(train),
                Test = parsed.GetValue(test),
                Dev = parsed.GetValue(dev),
                EnglishMonolingual = parsed.GetValue(english),
                OtherMonolingual = parsed.GetValue(others),
                Instructions = parsed.GetValue(instructions),
                GeneralInstructions = parsed.GetValue(general),
            });
            corpus.WriteTo(parsed.GetRequiredValue(output).FullName);
            Console.WriteLine($"The world says {corpus.Sentences:N0} different sentences in {world.Languages.Count} languages.");
            foreach (var (path, content) in corpus.Files)
            {
                Console.WriteLine($"{path}\t{content.AsSpan().Count('\n'):N0} lines");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<int> Number(string name, int value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
