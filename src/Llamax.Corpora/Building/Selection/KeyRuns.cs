using System.Runtime.InteropServices;
using Llamax.Text.Files;

namespace Llamax.Corpora.Building.Selection;

/// <summary>
/// The keys of a unit on disk, in files each of which is sorted: as many as fit into memory at once make a file.
/// </summary>
internal sealed class KeyRuns : IDisposable
{
    private readonly string folder;
    private readonly int keysInMemory;
    private readonly List<RecordKey> keys = [];
    private int runs;

    /// <param name="folder">An empty folder that is there.</param>
    /// <param name="keysInMemory">Keys of a file at most, 24 bytes each.</param>
    public KeyRuns(string folder, int keysInMemory = 1 << 21) => (this.folder, this.keysInMemory) = (folder, keysInMemory);

    /// <summary>The files of a folder that <see cref="Complete"/> finished.</summary>
    public static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder, "*.keys").Order(StringComparer.Ordinal);

    public void Add(RecordKey key)
    {
        keys.Add(key);
        if (keys.Count == keysInMemory)
        {
            Write();
        }
    }

    public void Complete() => Write();

    public void Dispose() => keys.Clear();

    private void Write()
    {
        if (keys.Count == 0)
        {
            return;
        }

        keys.Sort();
        AtomicFile.Write(Path.Combine(folder, $"{runs++:00000}.keys"), stream => stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(keys))));
        keys.Clear();
    }
}
