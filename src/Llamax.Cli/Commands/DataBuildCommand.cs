using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Llamax.Cli.Progress;
using Llamax.Corpora.Building;
using Llamax.Corpora.Building.Sharing;
using Llamax.Distributed;
using Llamax.Recipes;
using Llamax.Recipes.Schema;

namespace Llamax.Cli.Commands;

/// <summary><c>llamax data build</c>: the tokenizer and the training sets of a recipe.</summary>
internal static class DataBuildCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "The recipe, a YAML file." };
        var output = RunCommand.OutputOption();
        output.Required = true;
        output.Description = "The run folder: the tokenizer goes into DIR/tokenizer, the training sets into DIR/data.";
        var settings = RunCommand.SetOption();
        var worker = new Option<WorkShare?>("--worker")
        {
            Description = "Do part i of K, from 1/K to K/K, started by hand on one machine or on several; `llamax data merge` puts the parts together.",
            HelpName = "i/K",
            CustomParser = Worker,
        };
        var maxBad = new Option<long?>("--max-bad-lines")
        {
            Description = "Lines that cannot be read are left out and counted; stop where there are more than N (default: never).",
            HelpName = "N",
        };
        var dry = new Option<bool>("--dry-run") { Description = "Print what would be read and made, with estimated sizes, and write nothing." };
        maxBad.Within(0);
        var invalid = new InvalidUtf8Argument();
        var command = new Command(
            "build",
            "Makes the training sets of a recipe: Arrow shards with manifests. Uses all cores; under mpirun or srun the ranks share the work.")
        {
            recipe, output, settings, worker, maxBad, dry,
        };
        invalid.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(worker) is { Implicit: false } && result.GetValue(dry))
            {
                result.AddError("--worker and --dry-run do not go together: the estimate is of the whole. Leave one of the two out.");
            }
        });
        command.SetAction((parsed, cancellation) =>
        {
            var loaded = RecipeFile.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(settings) ?? []);
            var folder = parsed.GetRequiredValue(output)!;
            var building = new DataBuilding { MaxBadLines = parsed.GetValue(maxBad) ?? long.MaxValue, InvalidUtf8 = invalid.Given(parsed) };
            return Task.FromResult(parsed.GetValue(dry)
                ? Show(new RecipeRun(loaded, folder, building).Estimate(cancellation))
                : Run(loaded, folder, parsed.GetValue(worker), building, cancellation));
        });
        return command;
    }

    private static int Show(IReadOnlyList<(string Set, BuildEstimate Estimate)> sets)
    {
        foreach (var (set, estimate) in sets)
        {
            Console.WriteLine($"{set}: would read");
            foreach (var source in estimate.Sources)
            {
                var languages = source.Languages.Count <= 3 ? string.Join(' ', source.Languages) : $"{source.Languages.Count} languages";
                Console.WriteLine($"  {source.Name}{(source.Files > 1 ? $" and {source.Files - 1} more" : "")}\t{languages}\t{Megabytes(source.Size)} MB\tabout {source.Records:N0} records");
            }

            Console.WriteLine($"{set}: would make, before duplicates are left out{(estimate.IsTokenized ? "" : $", at {BuildEstimate.BytesPerToken} bytes a token because there is no tokenizer yet")}");
            foreach (var kind in estimate.Made.Append(new BuildEstimate.Kind("all", estimate.Made.Sum(each => each.Entries), estimate.Made.Sum(each => each.Tokens))))
            {
                Console.WriteLine($"  {kind.Name}\tabout {kind.Entries:N0} entries\t{kind.Tokens:N0} tokens\t{Megabytes(kind.Bytes)} MB");
            }
        }

        return ExitCodes.Done;

        static string Megabytes(long bytes) => (bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture);
    }

    private static int Run(Recipe recipe, string folder, WorkShare? worker, DataBuilding building, CancellationToken cancellation)
    {
        if (worker is not null)
        {
            var begun = Build(recipe, folder, building with { Share = worker }, cancellation);
            Console.Error.WriteLine(begun
                ? $"Part {worker.Index + 1} of {worker.Count} is done. When all are: llamax data merge {folder}"
                : $"Nothing was to be done: {folder} is up to date.");
            return ExitCodes.Done;
        }

        using var group = ProcessGroup.Join();
        var share = WorkShare.OfRank(group.Rank, group.Size, () => group.Barrier(cancellation));
        try
        {
            if (!Build(recipe, folder, building with { Share = share }, cancellation) && group.Rank == 0)
            {
                Console.Error.WriteLine($"Nothing was to be done: {folder} is up to date.");
            }

            group.Complete(cancellation);
            return ExitCodes.Done;
        }
        catch (Exception exception) when (group.Size > 1 && exception is LlamaxException or IOException or UnauthorizedAccessException)
        {
            group.Abort(ExitCodes.UserError, exception.Message);
            return ExitCodes.UserError;
        }
    }

    /// <summary>Does one share; of several ranks, only the first says how far it is.</summary>
    private static bool Build(Recipe recipe, string folder, DataBuilding building, CancellationToken cancellation)
    {
        var run = new RecipeRun(recipe, folder, building);
        return building.Share.Completes || building.Share.IsByHand
            ? RunProgress.Show(progress => run.BuildShare(progress, cancellation))
            : run.BuildShare(RunProgress.Plain(TextWriter.Null, TimeProvider.System), cancellation);
    }

    private static WorkShare? Worker(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.Split('/') is [var index, var count]
            && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && i >= 1 && i <= k)
        {
            return WorkShare.ByHand(i - 1, k);
        }

        result.AddError($"--worker is '{text}'; it must be i/K, part i of K, such as 2/8.");
        return null;
    }
}
