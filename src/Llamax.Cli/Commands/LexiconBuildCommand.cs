using System.CommandLine;
using Llamax.Corpora.Dictionaries;
using Llamax.Corpora.Readers;
using Llamax.Text.Files;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax lexicon build</c>: one lexicon of many bilingual dictionaries.</summary>
internal static class LexiconBuildCommand
{
    private const int MostMemory = 1 << 20;

    public static Command Create()
    {
        var defaults = new LexiconOptions();
        var dictionaries = new Argument<string[]>("DIRECTION=FILE")
        {
            Description = "Dictionaries in the format of MUSE and PanLex with their direction, en-ar=FILE; also .gz, .zst, archive.tar.gz!inner/path and patterns.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out") { Description = "The lexicon to write.", HelpName = "FILE", Required = true };
        var hops = new Option<int>("--hops")
        {
            Description = "1: translations as the dictionaries have them; 2: also translations of translations, composed when they are looked up.",
            DefaultValueFactory = _ => defaults.Hops,
        };
        var fanOut = new Option<int>("--fan-out")
        {
            Description = "With two hops: how many of a word's translations are gone on from, and how many of each one's into a language count.",
            DefaultValueFactory = _ => defaults.FanOut,
        };
        var oneWay = new Option<bool>("--one-way") { Description = "Use en-fr for English words only; otherwise for French words as well." };
        var lowercase = new Option<bool>("--lowercase") { Description = "Put translations into lower case, too; the words that are looked up always are." };
        var memory = new Option<int>("--memory")
        {
            Description = "MiB of memory that sorting may take; what does not fit is sorted on disk, beside the output.",
            HelpName = "MIB",
            DefaultValueFactory = _ => (int)(defaults.Memory >> 20),
        };
        output.WritesFile();
        hops.Within(1, 2);
        fanOut.Within(1, 1000);
        memory.Within(1, MostMemory);
        var command = new Command("build", "Merges bilingual dictionaries into a lexicon that opens at once, whatever its size.")
        {
            dictionaries, output, hops, fanOut, oneWay, lowercase, memory,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            if (parsed.GetValue(hops) == 1)
            {
                ArgumentChecks.Refuse(parsed, [fanOut], "bounds translations over two hops and does nothing without --hops 2");
            }

            var named = parsed.GetRequiredValue(dictionaries).Select(Split).ToList();
            var files = named.SelectMany(each => TextFile.Find(each.Pattern)).Select(file => file.DiskPath).ToList();
            ArgumentChecks.RefuseOverwriting([path], files);
            var options = new LexiconOptions
            {
                Hops = parsed.GetValue(hops),
                FanOut = parsed.GetValue(fanOut),
                BothWays = !parsed.GetValue(oneWay),
                LowercaseTranslations = parsed.GetValue(lowercase),
                Memory = (long)parsed.GetValue(memory) << 20,
            };
            Build(path, options, named, cancellation);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static void Build(string path, LexiconOptions options, List<(string Direction, string Pattern)> dictionaries, CancellationToken cancellation)
    {
        var place = OutputPlace.Of(path);
        var folder = place.IsFile ? Path.GetDirectoryName(place.Path)! : Path.GetTempPath();
        Directory.CreateDirectory(folder);
        var shown = -1L;
        using var builder = new LexiconBuilder(options, folder)
        {
            Note = Console.Error.WriteLine,
            Advanced = (done, total) =>
            {
                var percent = 100 * done / Math.Max(1, total);
                if (!Console.IsErrorRedirected && percent > shown)
                {
                    Console.Error.Write($"\rwriting: {shown = percent} %");
                }
            },
        };
        foreach (var (direction, pattern) in dictionaries)
        {
            cancellation.ThrowIfCancellationRequested();
            var skipped = builder.AddFiles(direction, [pattern]);
            Console.Error.WriteLine($"{direction}: {pattern}{(skipped > 0 ? $", {skipped:N0} lines are no entries" : "")}");
        }

        builder.Write(path, cancellation);
        if (shown >= 0)
        {
            Console.Error.Write("\r             \r");
        }

        if (!place.IsFile)
        {
            return; // Whoever reads the pipe has it.
        }

        using var lexicon = MultilingualLexicon.Open(path);
        Console.Error.WriteLine(
            $"{path}: {lexicon.Entries:N0} entries of {lexicon.Languages.Count()} languages, {lexicon.Hops} {(lexicon.Hops == 1 ? "hop" : "hops")}, {FileStamp.Of(path).Length:N0} bytes");
    }

    private static (string Direction, string Pattern) Split(string argument) => argument.IndexOf('=') is > 0 and var equals && equals < argument.Length - 1
        ? (argument[..equals], argument[(equals + 1)..])
        : throw new LlamaxException($"'{argument}' names no dictionary. Expected its direction and its file, en-fr=FILE.");
}
