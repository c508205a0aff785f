using System.Runtime.InteropServices;

namespace Llamax.Recipes.Stages;

/// <summary>Does the stages of a run in order, and only those whose outputs are missing or out of date.</summary>
/// <param name="folder">The run folder.</param>
/// <param name="time">What the records' times come from.</param>
/// <param name="threads">Files that are hashed at once; 0 for one per core.</param>
internal sealed class StageRunner(string folder, TimeProvider time, int threads = 0)
{
    private const int Mega = 1_000_000;
    private const string TrashPrefix = ".trash-";
    private const string KeepingPrefix = TrashPrefix + "keeps-";

    /// <summary>Runs the stages.</summary>
    /// <param name="stages">All stages, in order.</param>
    /// <param name="from">The stage from which on everything is done anew, or null.</param>
    /// <param name="until">The last stage to do, or null.</param>
    /// <param name="progress">Receives what is going on.</param>
    /// <param name="cancellation">Ends the run so that the next one goes on from there.</param>
    /// <returns>How many stages were done.</returns>
    /// <exception cref="LlamaxException">Another run is at work, or a stage's input is wrong.</exception>
    public int Run(IReadOnlyList<Stage> stages, string? from, string? until, IRunProgress progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        using var guard = RunLock.Take(folder);
        RemoveTrash(stages);
        RemoveUnfinishedFiles(folder, SearchOption.TopDirectoryOnly);
        var hashes = new FileHashes(RunContext.HashesOf(folder));
        if (from is not null)
        {
            foreach (var stage in stages.SkipWhile(stage => stage.Name != from))
            {
                Discard(stage, keepsWork: false);
            }
        }

        var done = 0;
        foreach (var stage in stages)
        {
            cancellation.ThrowIfCancellationRequested();
            done += RunIfNeeded(stage, hashes, progress, cancellation) ? 1 : 0;
            hashes.Save();
            if (stage.Name == until)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>
    /// Makes a stage's folder ready for workers that share it, and leaves the stage unfinished; <see cref="FinishShared"/>
    /// ends it. The caller holds the lock.
    /// </summary>
    /// <param name="before">The stages that come before it.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="progress">Receives what is going on.</param>
    /// <param name="beforeRemoval">Told why what is there has to go, before it goes; throws where somebody is at work on it.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void BeginShared(
        IReadOnlyList<Stage> before, Stage stage, IRunProgress progress, Action<string> beforeRemoval, CancellationToken cancellation)
    {
        RemoveTrash([.. before, stage]);
        var hashes = new FileHashes(RunContext.HashesOf(folder));
        foreach (var earlier in before)
        {
            RunIfNeeded(earlier, hashes, progress, cancellation, beforeRemoval);
            hashes.Save();
        }

        Begin(stage, hashes, progress, isShared: true, beforeRemoval, cancellation);
        hashes.Save();
    }

    /// <summary>Says that a stage which workers shared is done. The caller holds the lock.</summary>
    /// <param name="stage">The stage's name.</param>
    /// <param name="outputs">Its output files, as paths in its folder.</param>
    /// <returns>How long it took, as far as that was recorded.</returns>
    /// <exception cref="LlamaxException">It was not begun.</exception>
    public TimeSpan FinishShared(string stage, IEnumerable<string> outputs)
    {
        var target = Path.Combine(folder, stage);
        var record = StageRecord.Read(target) ?? throw new LlamaxException($"{target} holds no {StageRecord.FileName}: no worker began there.");
        var hashes = new FileHashes(RunContext.HashesOf(folder));
        record = Finish(target, record, outputs, hashes, new Dictionary<string, string>());
        hashes.Save();
        return record.Active;
    }

    private bool RunIfNeeded(
        Stage stage, FileHashes hashes, IRunProgress progress, CancellationToken cancellation, Action<string>? beforeRemoval = null)
    {
        if (Begin(stage, hashes, progress, isShared: false, beforeRemoval, cancellation) is not { } record)
        {
            return false;
        }

        stage.Run(progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        record = Finish(Path.Combine(folder, stage.Name), record, stage.Outputs, hashes, stage.Versions);
        progress.StageFinished(stage.Name, record.Active);
        return true;
    }

    /// <summary>Makes the stage's folder ready; null where the stage is up to date. In a shared folder, unfinished files may be another worker's.</summary>
    private StageRecord? Begin(
        Stage stage, FileHashes hashes, IRunProgress progress, bool isShared, Action<string>? beforeRemoval, CancellationToken cancellation)
    {
        var target = Path.Combine(folder, stage.Name);
        var wanted = new StageRecord(stage.Name, stage.Settings, Hash(stage, hashes, progress, cancellation), Versions(new Dictionary<string, string>()), time.GetUtcNow(), null, new Dictionary<string, string>());
        var found = StageRecord.Read(target);
        var reason = found is null ? null : Reason(wanted, found, target, hashes);
        if (found?.Finished is not null && reason is null)
        {
            progress.StageSkipped(stage.Name);
            return null;
        }

        var resumes = found is not null && reason is null && stage.CanResume;
        if (!resumes)
        {
            if (Directory.Exists(target))
            {
                beforeRemoval?.Invoke(reason ?? $"the stage {stage.Name} is begun anew");
            }

            Discard(stage, keepsWork: true);
        }

        var record = wanted with { Machine = RunMachine.Facts(), Resumed = wanted.Started };
        if (resumes)
        {
            record = record with { Started = found!.Started, ActiveSeconds = found.ActiveSeconds + LastSpan(found, target).TotalSeconds };
            if (!isShared)
            {
                RemoveUnfinishedFiles(target, SearchOption.AllDirectories);
            }
        }

        Directory.CreateDirectory(target);
        record.Write(target);
        hashes.Save(); // Other processes of the run read them.
        progress.StageStarted(stage.Name, resumes, reason);
        return record;
    }

    private StageRecord Finish(
        string target, StageRecord record, IEnumerable<string> outputs, FileHashes hashes, IReadOnlyDictionary<string, string> versions)
    {
        var names = outputs.Order(StringComparer.Ordinal).ToList();
        hashes.Prepare(names.Select(name => Path.Combine(target, name)), threads, (_, _) => { }, CancellationToken.None);
        record = record with
        {
            Versions = Versions(versions),
            Finished = time.GetUtcNow(),
            ActiveSeconds = record.ActiveSeconds + (time.GetUtcNow() - (record.Resumed ?? record.Started)).TotalSeconds,
            Resumed = null,
            Outputs = names.ToDictionary(name => name, name => hashes.Of(Path.Combine(target, name))
                ?? throw new InvalidOperationException($"{record.Stage} did not write {name}.")),
        };
        record.Write(target);
        return record;
    }

    /// <summary>Why what is there cannot be kept, or null where it can.</summary>
    private static string? Reason(StageRecord wanted, StageRecord found, string target, FileHashes hashes) =>
        wanted.Difference(found) is { } changed
            ? $"{changed} has changed"
            : found.Outputs.FirstOrDefault(output => hashes.Of(Path.Combine(target, output.Key)) != output.Value).Key is { } broken
                ? $"{broken} is missing or was changed"
                : null;

    private Dictionary<string, string> Hash(Stage stage, FileHashes hashes, IRunProgress progress, CancellationToken cancellation)
    {
        var inputs = stage.Inputs;
        hashes.Prepare(
            inputs.Values, threads, (done, total) => progress.Advanced(stage.Name, "reading files to see what has changed", done / Mega, total / Mega, "MB"), cancellation);
        return inputs.ToDictionary(input => input.Key, input => hashes.Of(input.Value)
            ?? throw new LlamaxException($"{input.Value}: no such file ({input.Key}), which the stage {stage.Name} needs."));
    }

    private static Dictionary<string, string> Versions(IReadOnlyDictionary<string, string> more) =>
        new Dictionary<string, string>
        {
            ["llamax"] = typeof(StageRunner).Assembly.GetName().Version!.ToString(3),
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
        }.Concat(more).ToDictionary();

    /// <summary>
    /// How long an interrupted stage was at work after it was last taken up: a killed process writes no end, but what it
    /// did after its last file is lost and done again.
    /// </summary>
    private static TimeSpan LastSpan(StageRecord found, string target)
    {
        var last = new DirectoryInfo(target).EnumerateFiles("*", SearchOption.AllDirectories).Max(file => file.LastWriteTimeUtc);
        var began = (found.Resumed ?? found.Started).UtcDateTime;
        return last > began ? last - began : TimeSpan.Zero;
    }

    /// <summary>Removes what a killed process had begun to write: <c>NAME.PROCESS.tmp</c>. Whoever has the lock is the only one to write.</summary>
    private static void RemoveUnfinishedFiles(string folder, SearchOption depth)
    {
        foreach (var file in Directory.GetFiles(folder, "*.tmp", depth).Where(IsUnfinished))
        {
            File.Delete(file);
        }
    }

    private static bool IsUnfinishedRecord(string path) =>
        IsUnfinished(path) && Path.GetFileName(path).StartsWith($"{StageRecord.FileName}.", StringComparison.Ordinal);

    private static bool IsUnfinished(string path) =>
        Path.GetFileName(path).Split('.') is [_, .., var process, "tmp"] && process.Length > 0 && process.All(char.IsAsciiDigit);

    /// <summary>Removes a stage's folder. It is renamed first: a half-removed folder must never look like one to go on from.</summary>
    private void Discard(Stage stage, bool keepsWork)
    {
        var target = Path.Combine(folder, stage.Name);
        if (!Directory.Exists(target))
        {
            return;
        }

        // Killed before its first record had its name, a stage leaves nothing but the unfinished record, and what outlives changes.
        if (!File.Exists(Path.Combine(target, StageRecord.FileName))
            && Directory.EnumerateFileSystemEntries(target).Any(path => !IsUnfinishedRecord(path) && !stage.Outlives(Path.GetFileName(path))))
        {
            throw new LlamaxException(
                $"{target} is there and was not made by a run ({StageRecord.FileName} is not in it); name another folder with --out, or move it away.");
        }

        var trash = Path.Combine(folder, $"{(keepsWork ? $"{KeepingPrefix}{stage.Name}." : TrashPrefix)}{Guid.NewGuid():N}");
        Directory.Move(target, trash);
        RemoveTrash(keepsWork ? stage : null, trash);
    }

    /// <summary>Removes what a killed process had begun to remove.</summary>
    private void RemoveTrash(IReadOnlyList<Stage> stages)
    {
        foreach (var trash in Directory.GetDirectories(folder, TrashPrefix + "*"))
        {
            RemoveTrash(stages.FirstOrDefault(stage => Path.GetFileName(trash).StartsWith($"{KeepingPrefix}{stage.Name}.", StringComparison.Ordinal)), trash);
        }
    }

    /// <summary>Removes a stage's former folder; what outlives it goes back first, unless there is something newer of the name.</summary>
    /// <param name="stage">The stage; null where nothing is kept.</param>
    /// <param name="trash">The folder.</param>
    private void RemoveTrash(Stage? stage, string trash)
    {
        foreach (var kept in Directory.GetDirectories(trash).Where(path => stage?.Outlives(Path.GetFileName(path)) == true))
        {
            var place = Path.Combine(folder, stage!.Name, Path.GetFileName(kept));
            stage.Outdate(kept);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            if (!Directory.Exists(place))
            {
                Directory.Move(kept, place);
            }
        }

        Directory.Delete(trash, recursive: true);
    }
}
