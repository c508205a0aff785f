using Llamax.Text.Files;

namespace Llamax.Corpora.Shards;

/// <summary>
/// A training set that is being made: everything is put beside the folder and takes its place in one rename, so a folder
/// of that name is always a whole training set.
/// </summary>
internal sealed class TrainingSetFolder
{
    public const string UnfinishedSuffix = ".partial";

    private readonly string folder;
    private readonly string replaced;

    /// <param name="folder">The folder that will hold the training set. One that is there is replaced at the end.</param>
    /// <exception cref="LlamaxException">The folder holds something that is no training set.</exception>
    public TrainingSetFolder(string folder)
    {
        this.folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(this.folder) && !File.Exists(Path.Combine(this.folder, ShardManifest.FileName))
            && Directory.EnumerateFileSystemEntries(this.folder).Any())
        {
            throw new LlamaxException(
                $"{folder} is not empty and holds no {ShardManifest.FileName}: it is no training set and will not be overwritten. "
                + "Name another folder, or empty this one.");
        }

        Unfinished = this.folder + UnfinishedSuffix;
        replaced = this.folder + ".replaced";
    }

    /// <summary>Where the files are put.</summary>
    public string Unfinished { get; }

    /// <summary>Empties <see cref="Unfinished"/> and makes it.</summary>
    public void Begin()
    {
        Remove();
        Directory.CreateDirectory(Unfinished);
    }

    /// <summary>Writes the manifest and puts the training set in its place.</summary>
    /// <exception cref="LlamaxException">The training set is empty.</exception>
    public void Complete(ShardManifest manifest)
    {
        if (manifest.Shards.Count == 0)
        {
            throw new LlamaxException($"{folder}: the training set is empty. Name corpora that hold text in the recipe's `data`.");
        }

        AtomicFile.Write(Path.Combine(Unfinished, ShardManifest.FileName), stream =>
        {
            stream.Write(manifest.ToJson());
            stream.WriteByte((byte)'\n');
        });
        Delete(replaced);
        if (Directory.Exists(folder))
        {
            Directory.Move(folder, replaced);
        }

        Directory.Move(Unfinished, folder);
        Delete(replaced);
    }

    /// <summary>Removes the training set that was there before, which a process killed at the end has left.</summary>
    public void RemoveReplaced() => Delete(replaced);

    /// <summary>Removes what was written.</summary>
    public void Remove() => Delete(Unfinished);

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
