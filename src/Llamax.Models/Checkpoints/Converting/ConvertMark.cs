using System.Security.Cryptography;
using System.Text;
using Llamax.Text.Files;

namespace Llamax.Models.Checkpoints.Converting;

/// <summary>
/// A file in a folder that is being written: what is made of what. A later run finds by it that the folder is its own and
/// that its whole files can stay.
/// </summary>
internal sealed class ConvertMark(string target, string fingerprint)
{
    private const string Name = ".llamax-convert";

    private readonly string file = Path.Combine(target, Name);

    /// <summary>A hash of all that the bytes written depend on.</summary>
    public static string Fingerprint(ConvertOptions options, IEnumerable<PlannedTensor> tensors, IEnumerable<TensorFile> files)
    {
        var text = new StringBuilder().Append(options.ShardBytes).Append('\n');
        foreach (var source in files)
        {
            var stamp = FileStamp.Of(source.Path);
            text.Append(Path.GetFullPath(source.Path)).Append('\t').Append(stamp.Length).Append('\t').Append(stamp.ChangedUtc.Ticks).Append('\n');
        }

        foreach (var tensor in tensors)
        {
            text.Append(tensor.Name).Append('\t').Append(tensor.Type).Append('\t').AppendJoin(',', tensor.Shape).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Takes the folder for this conversion.</summary>
    /// <exception cref="LlamaxException">It holds something else.</exception>
    public void Take()
    {
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            if (!File.Exists(file))
            {
                throw new LlamaxException($"{target}: is not empty. Name a folder that is empty or does not exist.");
            }

            if (File.ReadAllText(file).Trim() != fingerprint)
            {
                throw new LlamaxException($"{target}: holds the unfinished output of another conversion, or its input has changed. Remove it, or name another folder.");
            }

            foreach (var left in Directory.EnumerateFiles(target, "*.tmp").Where(UnfinishedName.IsAbandoned).ToList())
            {
                File.Delete(left);
            }

            return;
        }

        AtomicFile.WriteText(file, fingerprint + "\n");
    }

    /// <summary>The folder is whole.</summary>
    public void Remove() => File.Delete(file);
}
