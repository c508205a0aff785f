using Llamax.Corpora.Building.Chunks;
using Llamax.Corpora.Building.Planning;
using Llamax.Corpora.Cleaning;
using Llamax.Corpora.Shards;

namespace Llamax.Corpora.Building;

/// <summary>Puts the shards of all chunks into one folder with a manifest. Killed at any point, it goes on from there.</summary>
/// <param name="folder">The training set's folder.</param>
/// <param name="work">Where the chunks are.</param>
/// <param name="plan">Which chunks there are.</param>
internal sealed class TrainingSetAssembly(string folder, WorkFolder work, BuildPlan plan)
{
    /// <summary>Puts everything together and removes what is left of the work.</summary>
    /// <exception cref="LlamaxException">A chunk is missing, or the training set is empty.</exception>
    public ShardManifest Complete()
    {
        var missing = plan.Chunks.Count(chunk => !Directory.Exists(work.Chunk(chunk.Id)));
        if (missing > 0)
        {
            throw new LlamaxException(
                $"{folder}: {missing} of {plan.Chunks.Count} pieces are missing. Start the workers that made none or did not end once more, or name their folders too.");
        }

        List<(string Folder, ChunkResult Result)> chunks = [.. plan.Chunks.Select(chunk => (work.Chunk(chunk.Id), ChunkResult.Load(work.Chunk(chunk.Id))))];
        var target = new TrainingSetFolder(folder);
        Directory.CreateDirectory(target.Unfinished);
        var shards = new List<ShardEntry>();
        foreach (var (from, result) in chunks)
        {
            foreach (var shard in result.Shards)
            {
                var name = ShardFiles.Name(shards.Count);
                Place(Path.Combine(from, shard.File), Path.Combine(target.Unfinished, name), shard.Bytes);
                shards.Add(shard with { File = name });
            }
        }

        foreach (var stray in Directory.GetFiles(target.Unfinished).Where(file => shards.All(shard => shard.File != Path.GetFileName(file))))
        {
            File.Delete(stray);
        }

        var manifest = new ShardManifest
        {
            Packing = plan.Packing,
            Rows = shards.Sum(shard => (long)shard.Rows),
            Tokens = shards.Sum(shard => shard.Tokens),
            Fingerprint = plan.Key,
            Tokenizer = plan.Tokenizer,
            Groups = ShardGroup.Sum(chunks.SelectMany(chunk => chunk.Result.Groups)),
            LeftOut = new SortedDictionary<string, long>(
                plan.LeftOut.Concat(chunks.SelectMany(chunk => chunk.Result.LeftOut)).GroupBy(each => each.Key, each => each.Value)
                    .ToDictionary(each => each.Key, each => each.Sum()), StringComparer.Ordinal),
            Cleaning = new CleaningCounts(plan.Cleaning.Concat(chunks.SelectMany(chunk => chunk.Result.Cleaning))).Rows,
            Shards = shards,
        };
        new BuildTimes(plan.ScanSeconds, plan.DecideSeconds, chunks.Sum(chunk => chunk.Result.Seconds)).Save(target.Unfinished);
        target.Complete(manifest);
        work.Remove();
        return manifest;
    }

    /// <summary>Moves a shard to its place, unless an earlier try did.</summary>
    private static void Place(string from, string to, long bytes)
    {
        if (File.Exists(from))
        {
            File.Move(from, to, overwrite: true);
        }

        if (new FileInfo(to) is not { Exists: true } there || there.Length != bytes)
        {
            throw new LlamaxException($"{from} is missing or is not whole. Remove its folder and start again.");
        }
    }
}
