using Llamax.Recipes.Stages;

namespace Llamax.Recipes.Tests.Stages;

/// <summary>Workers that are started by hand, and what becomes of their shares.</summary>
public sealed class DataWorkersTests : IDisposable
{
    private readonly SmallRun small = new();

    public void Dispose() => small.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_merging_that_ended_between_two_training_sets_is_taken_up_again(bool apart)
    {
        small.Build("alone");
        string[] runs = apart ? ["run-1", "run-2"] : ["run"];
        small.Work(runs[0], 1, 2);
        small.Work(runs[^1], 2, 2);
        var chunk = Directory.GetDirectories(small.File($"{runs[^1]}/data/pretrain.work/chunks"))[0];
        Directory.Move(chunk, small.File("aside"));
        Assert.Contains("pieces are missing", Assert.Throws<LlamaxException>(() => Merge(runs)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(small.File($"{runs[0]}/data/base/manifest.json")));
        Directory.Move(small.File("aside"), chunk);

        Assert.Equal(["base", "finetune", "pretrain"], Merge(runs));

        Assert.Equal(small.Bytes("alone"), small.Bytes(runs[0]));
        Assert.False(small.Build(runs[0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_merging_that_ended_before_the_stage_was_done_is_taken_up_again(bool apart)
    {
        string[] runs = apart ? ["run-1", "run-2"] : ["run"];
        small.Work(runs[0], 1, 2);
        small.Work(runs[^1], 2, 2);
        Merge(runs);
        var data = small.File($"{runs[0]}/data");
        (StageRecord.Read(data)! with { Finished = null, Outputs = new Dictionary<string, string>() }).Write(data);

        Assert.Equal(["base", "finetune", "pretrain"], Merge(runs));

        Assert.False(small.Build(runs[0]));
        if (!apart)
        {
            Assert.Contains("nothing to merge", Assert.Throws<LlamaxException>(() => Merge(runs)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void How_long_it_took_to_make_training_sets_is_no_part_of_them()
    {
        small.Build("run");
        Assert.True(File.Exists(small.File("run/data/pretrain/times.json")));
        Assert.Contains("pretrain/manifest.json", StageRecord.Read(small.File("run/data"))!.Outputs.Keys);
        Assert.DoesNotContain("pretrain/times.json", StageRecord.Read(small.File("run/data"))!.Outputs.Keys);
        var context = new RunContext(small.Recipe(), small.File("run"), new DataBuilding());
        Assert.Equal(
            ["data/pretrain/manifest.json", "data/pretrain/shard-00000.arrow"],
            context.FilesOfTrainingSet(RunContext.Pretrain).Select(file => file.Key).Take(2));
        Assert.DoesNotContain(context.FilesOfTrainingSet(RunContext.Pretrain), file => file.Key.Contains("times", StringComparison.Ordinal));
    }

    [Fact]
    public void A_training_set_that_no_worker_came_to_is_missing()
    {
        small.Work("run", 1, 1);
        Directory.Delete(small.File("run/data/finetune.work"), recursive: true);
        Assert.Contains("finetune: no worker has come so far", Assert.Throws<LlamaxException>(() => Merge("run")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_with_other_settings_are_not_put_together()
    {
        small.Work("run-1", 1, 2);
        small.Work("run-2", 2, 2, "data.max_texts=5");
        Assert.Contains("data.max_texts differs", Assert.Throws<LlamaxException>(() => Merge("run-1", "run-2")).Message, StringComparison.Ordinal);
    }

    /// <summary>What a worker made before the settings changed, and none has come to since, is no training set of the run.</summary>
    [Fact]
    public void What_was_decided_under_former_settings_is_not_put_together()
    {
        small.Work("run", 1, 1);
        small.Write("pairs.fr", "trop court\n");
        Assert.Throws<LlamaxException>(() => small.Work("run", 1, 1, "data.max_texts=5"));
        small.Write("pairs.fr", SmallRun.Lines("fr", 0, 40));
        Assert.Contains("pretrain.work holds no plan", Assert.Throws<LlamaxException>(() => Merge("run")).Message, StringComparison.Ordinal);

        small.Work("run", 1, 1, "data.max_texts=5");
        Merge("run");

        small.Build("alone", null, "data.max_texts=5");
        Assert.Equal(small.Bytes("alone"), small.Bytes("run"));
    }

    [Fact]
    public void Nothing_is_changed_beneath_a_worker()
    {
        small.Work("run", 1, 2);
        using (RunLock.TakeWorker(small.File("run"), 2, 2)) // At work.
        {
            var changed = Assert.Throws<LlamaxException>(() => small.Work("run", 1, 2, "data.max_texts=5")).Message;
            Assert.Contains("data.max_texts has changed, and worker 2 of 2 (process ", changed, StringComparison.Ordinal);
            Assert.Contains("worker 2 of 2", Assert.Throws<LlamaxException>(() => small.Build("run")).Message, StringComparison.Ordinal);
            Assert.Contains("worker 2 of 2", Assert.Throws<LlamaxException>(() => Merge("run")).Message, StringComparison.Ordinal);
            Assert.Contains("worker 2 of 2", Assert.Throws<LlamaxException>(() => small.Work("run", 2, 2)).Message, StringComparison.Ordinal);
            Assert.True(small.Work("run", 1, 2)); // With the same settings they are at work together.
        }

        Assert.True(Directory.Exists(small.File("run/data/pretrain.work")));
        Assert.True(small.Work("run", 1, 2, "data.max_texts=5"));
        Assert.Empty(Directory.GetFiles(small.File("run"), ".worker-2*"));
    }

    [Fact]
    public void What_still_fits_outlives_a_change_of_settings_and_files()
    {
        small.Work("run", 1, 1);
        string[] Pieces(string kind) => [.. Directory.GetDirectories(small.File($"run/data/pretrain.work/{kind}")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        var (scans, chunks) = (Pieces("scans"), Pieces("chunks"));
        var written = Directory.GetDirectories(small.File("run/data/pretrain.work"), "*", SearchOption.AllDirectories).ToDictionary(path => path, Directory.GetLastWriteTimeUtc);
        small.Write("mono2.fr", SmallRun.Lines("fr", 5000, 40));

        small.Work("run", 1, 1);

        Assert.Contains(small.Said, line => line.StartsWith("data: started, data.monolingual", StringComparison.Ordinal));
        Assert.Equal(scans.Length + 1, Pieces("scans").Length); // One file has changed.
        Assert.All(scans.Concat(chunks), piece => Assert.Contains(written, each => Path.GetFileName(each.Key) == piece && Directory.GetLastWriteTimeUtc(each.Key) == each.Value));
        Assert.InRange(Pieces("chunks").Except(chunks).Count(), 1, chunks.Length - 1); // Those that the file is in.
        Merge("run");
        small.Build("alone");
        Assert.Equal(small.Bytes("alone"), small.Bytes("run"));
        Assert.Empty(Directory.GetDirectories(small.File("run/data"), "*.work*"));
    }

    private string[] Merge(params string[] runs) => [.. RecipeRun.MergeData([.. runs.Select(small.File)]).Keys];
}
