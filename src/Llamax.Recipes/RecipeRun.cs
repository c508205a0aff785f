using Llamax.Corpora.Building;
using Llamax.Corpora.Shards;
using Llamax.Recipes.Schema;
using Llamax.Recipes.Stages;
using Llamax.Recipes.Yaml;
using Llamax.Text.Tokenizers;

namespace Llamax.Recipes;

/// <summary>Turns a recipe into a run folder: data, tokenizer, models, scores, report.</summary>
/// <param name="recipe">The recipe, from <see cref="RecipeFile.Load"/>.</param>
/// <param name="folder">The run folder; null for <c>runs/NAME</c> under the current folder.</param>
/// <param name="building">How training data are made; null for the defaults.</param>
public sealed class RecipeRun(Recipe recipe, string? folder = null, DataBuilding? building = null)
{
    private readonly RunContext context = new(recipe, Path.GetFullPath(folder ?? Path.Combine("runs", recipe.Name)), building ?? new DataBuilding());

    /// <summary>The names of all stages, in order.</summary>
    public static IReadOnlyList<string> StageNames => RunContext.StageNames;

    /// <summary>The run folder, as a full path.</summary>
    public string Folder => context.Folder;

    /// <summary>The page of the report.</summary>
    public string ReportPage => Path.Combine(context.Folder, RunContext.Report, "index.html");

    /// <summary>Does what is missing or out of date.</summary>
    /// <param name="progress">Receives what is going on.</param>
    /// <param name="from">The stage that is done anew, and all later ones with it; null for only what is needed.</param>
    /// <param name="until">The last stage to do; null for all.</param>
    /// <param name="cancellation">Ends the run; the next one goes on from there.</param>
    /// <returns>How many stages were done; 0 where everything was up to date.</returns>
    /// <exception cref="LlamaxException">A stage is unknown, an input is wrong, or another run is at work in the folder.</exception>
    public int Run(IRunProgress progress, string? from = null, string? until = null, CancellationToken cancellation = default)
    {
        var stages = Stages();
        var (first, last) = (IndexOf(stages, from), IndexOf(stages, until));
        if (from is not null && until is not null && first > last)
        {
            throw new LlamaxException($"Stage {from} comes after {until}: there is nothing to do. The order is {string.Join(", ", stages.Select(stage => stage.Name))}.");
        }

        _ = context.Reading;
        return new StageRunner(context.Folder, TimeProvider.System, recipe.Threads).Run(stages, from, until, progress, cancellation);
    }

    /// <summary>
    /// Does this process's share of the training data, by <see cref="DataBuilding.Share"/>: as a worker that was started by
    /// hand, after which <see cref="MergeData"/> puts the shares together; or as a rank of a job, of which rank 0 makes the
    /// tokenizer and completes the training sets.
    /// </summary>
    /// <param name="progress">Receives what is going on.</param>
    /// <param name="cancellation">Ends the work; the same command goes on from there.</param>
    /// <returns>Whether there was something to do.</returns>
    /// <exception cref="LlamaxException">An input is wrong, or another run is at work in the folder.</exception>
    public bool BuildShare(IRunProgress progress, CancellationToken cancellation = default)
    {
        var (share, data) = (context.Building.Share, new DataStage(context));
        var runner = new StageRunner(context.Folder, TimeProvider.System, recipe.Threads);
        Directory.CreateDirectory(context.Folder);
        _ = share.Completes || share.IsByHand ? context.Reading : null; // Of the others once that is settled.
        using var guard = share.IsByHand ? BeginAsWorker(runner, data, progress, cancellation) : share.Completes ? RunLock.Take(context.Folder) : null;
        if (share.Completes)
        {
            runner.BeginShared([new TokenizerStage(context)], data, progress, _ => { }, cancellation);
        }

        share.Wait();
        if (StageRecord.Read(Path.Combine(context.Folder, RunContext.Data)) is not { Finished: null })
        {
            if (context.Building.MaxBadLines < long.MaxValue)
            {
                data.CheckBad(context.Building.MaxBadLines);
            }

            return false;
        }

        share.Wait(); // Nobody writes to the record before all have read it.
        data.Run(progress, cancellation);
        if (share.Completes)
        {
            progress.StageFinished(RunContext.Data, runner.FinishShared(RunContext.Data, data.Outputs));
        }

        return true;
    }

    /// <summary>
    /// What would be read and made of training data, estimated from the beginning of each file; nothing is written.
    /// </summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>By the name of the training set.</returns>
    /// <exception cref="LlamaxException">A file cannot be read.</exception>
    public IReadOnlyList<(string Set, BuildEstimate Estimate)> Estimate(CancellationToken cancellation = default)
    {
        var given = recipe.Tokenizer.Path ?? recipe.Model.Path ?? (TokenizerFolder.Holds(context.TokenizerFolder) ? context.TokenizerFolder : null);
        return new DataStage(context).Estimate(given is null ? null : TokenizerFolder.Load(given), cancellation);
    }

    /// <summary>Puts together what workers have made that were started by hand.</summary>
    /// <param name="folders">The run folder, and those of workers that wrote elsewhere.</param>
    /// <returns>By the name of the training set, its manifest.</returns>
    /// <exception cref="LlamaxException">A share is missing, or the shares do not belong together.</exception>
    public static IReadOnlyDictionary<string, ShardManifest> MergeData(IReadOnlyList<string> folders)
    {
        var run = Path.GetFullPath(folders[0]);
        if (!Directory.Exists(run))
        {
            throw new LlamaxException($"{folders[0]}: no such folder. Name the folder that was given to `llamax data build --worker i/K` as --out.");
        }

        using var guard = RunLock.Take(run);
        var record = StageRecord.Read(Path.Combine(run, RunContext.Data));
        string[] paths = [.. folders.Select(folder => Path.Combine(Path.GetFullPath(folder), RunContext.Data))];
        if (record is null || (record.Finished is not null && !DataStage.SetsOf(record).Any(IsUnfinished)))
        {
            throw new LlamaxException(
                $"{folders[0]}: there is nothing to merge. Name the folder that was given to `llamax data build --worker i/K` as --out; the workers leave their shares in its data folder.");
        }

        foreach (var other in paths[1..])
        {
            if (StageRecord.Read(other) is { } theirs && record.Difference(theirs) is { } difference)
            {
                throw new LlamaxException($"{other}: the worker there was given another recipe or other files than the one in {paths[0]}: {difference} differs. Start it again with the same.");
            }
        }

        var merged = new SortedDictionary<string, ShardManifest>(StringComparer.Ordinal);
        foreach (var set in DataStage.SetsOf(record))
        {
            var target = Path.Combine(paths[0], set);
            merged.Add(set, IsUnfinished(set) ? TrainingSetBuilder.Merge(target, [.. paths[1..].Select(path => Path.Combine(path, set))])
                : Directory.Exists(target) ? ShardManifest.Load(target) // An earlier merging came so far.
                : throw new LlamaxException($"{target}: no worker has come so far. Start `llamax data build` with --worker 1/K to K/K first, or name the folders of the others too."));
        }

        if (record.Finished is null)
        {
            new StageRunner(run, TimeProvider.System).FinishShared(RunContext.Data, DataStage.OutputsIn(paths[0], merged.Keys));
        }

        return merged;

        bool IsUnfinished(string set) => paths.Any(path => TrainingSetBuilder.IsUnfinished(Path.Combine(path, set)));
    }

    /// <summary>A worker's turn at the records: workers come one after the other, and none changes what another is at work on.</summary>
    /// <returns>The lock to have while at work.</returns>
    private RunLock BeginAsWorker(StageRunner runner, DataStage data, IRunProgress progress, CancellationToken cancellation)
    {
        var share = context.Building.Share;
        using var turn = RunLock.WaitForTurn(context.Folder, note => progress.Note(RunContext.Data, note), cancellation);
        runner.BeginShared([new TokenizerStage(context)], data, progress, reason => RunLock.RefuseWorkers(context.Folder, $"{reason},"), cancellation);
        return RunLock.TakeWorker(context.Folder, share.Index + 1, share.Count);
    }

    private List<Stage> Stages()
    {
        var stages = new List<Stage> { new TokenizerStage(context), new DataStage(context) };
        if (recipe.Model.Path is null)
        {
            stages.Add(new BaseStage(context));
        }

        stages.AddRange([new PretrainStage(context), new FinetuneStage(context), new EvaluateStage(context), new ReportStage(context)]);
        return stages;
    }

    private static int IndexOf(List<Stage> stages, string? name)
    {
        if (name is null)
        {
            return 0;
        }

        var names = stages.Select(stage => stage.Name).ToList();
        var index = names.IndexOf(name);
        return index >= 0 ? index : throw new LlamaxException(
            $"Unknown stage '{name}'{(NearestName.Find(name, names) is { } nearest ? $"; did you mean '{nearest}'?" : ".")} The stages of this recipe: {string.Join(", ", names)}.");
    }
}
