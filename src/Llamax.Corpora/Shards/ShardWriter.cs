using Llamax.Corpora.Packed;

namespace Llamax.Corpora.Shards;

/// <summary>
/// Writes training entries into Arrow IPC files and a manifest. Everything is written beside the folder and takes its
/// place in one rename when <see cref="Complete"/> is called, so a folder of that name is always a whole training set.
/// </summary>
public sealed class ShardWriter : IDisposable
{
    private readonly TrainingSetFolder folder;
    private readonly TokenizerStamp? tokenizer;
    private readonly PackingMode packing;
    private readonly ShardFiles files;
    private readonly SortedDictionary<string, long> leftOut = new(StringComparer.Ordinal);
    private bool completed;

    /// <summary>Starts a training set.</summary>
    /// <param name="folder">The folder that will hold it. A training set that is there is replaced at the end.</param>
    /// <param name="options">Sizes of the files.</param>
    /// <param name="tokenizer">Which tokenizer made the ids, for the manifest.</param>
    /// <param name="packing">Whether several entries share a row.</param>
    /// <param name="packedLength">Ids of a packed row at most; an entry that is longer has a row of its own.</param>
    /// <exception cref="LlamaxException">The folder holds something that is no training set.</exception>
    public ShardWriter(
        string folder, ShardOptions options, TokenizerStamp? tokenizer = null, PackingMode packing = PackingMode.None, int packedLength = EntryPacker.DefaultLength)
    {
        this.folder = new TrainingSetFolder(folder);
        this.tokenizer = tokenizer;
        this.folder.Begin();
        this.packing = packing;
        files = new ShardFiles(this.folder.Unfinished, options, packing, packedLength);
    }

    /// <summary>Entries added so far.</summary>
    public long Rows => files.Rows;

    /// <summary>Notes for the manifest that something was not made into an entry.</summary>
    /// <param name="reason">What it was, as a reader of the manifest should find it: <c>pairs that are too long</c>.</param>
    /// <param name="count">How many; nothing is noted for 0.</param>
    public void LeaveOut(string reason, long count = 1)
    {
        if (count > 0)
        {
            leftOut[reason] = leftOut.GetValueOrDefault(reason) + count;
        }
    }

    /// <summary>Appends an entry.</summary>
    /// <param name="example">At least two ids, at least one of them a target.</param>
    /// <exception cref="ArgumentException">The entry has no target.</exception>
    public void Add(TrainingExample example) => files.Add(example.InputIds, example.LossFrom, example.Kind, example.Direction);

    /// <summary>Writes the last shard and the manifest, and puts the folder in its place.</summary>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="LlamaxException">No entry was added.</exception>
    public ShardManifest Complete()
    {
        files.Complete();
        var manifest = new ShardManifest
        {
            Packing = packing,
            Rows = files.Shards.Sum(shard => (long)shard.Rows),
            Tokens = files.Shards.Sum(shard => shard.Tokens),
            Tokenizer = tokenizer,
            Groups = files.Groups,
            LeftOut = leftOut,
            Shards = files.Shards,
        };
        folder.Complete(manifest);
        completed = true;
        return manifest;
    }

    /// <summary>Removes what was written unless <see cref="Complete"/> was reached.</summary>
    public void Dispose()
    {
        if (!completed)
        {
            folder.Remove();
        }
    }
}
