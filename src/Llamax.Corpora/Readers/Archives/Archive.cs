using System.Formats.Tar;
using System.IO.Compression;

namespace Llamax.Corpora.Readers.Archives;

/// <summary>Files in tar archives, which may be compressed, and in zip archives.</summary>
internal static class Archive
{
    private static readonly string[] TarExtensions = [".tar", ".tar.gz", ".tgz", ".tar.zst"];

    public static bool IsArchive(ReadOnlySpan<char> path) => IsZip(path) || IsTar(path);

    public static bool IsZip(ReadOnlySpan<char> path) => path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>A member's name without the <c>./</c> that some archivers put before each. All names here are such.</summary>
    public static string BareName(string member) => member.StartsWith("./", StringComparison.Ordinal) ? BareName(member[2..].TrimStart('/')) : member;

    /// <summary>The names of the files in an archive, in its order.</summary>
    public static IReadOnlyList<string> Members(string archive)
    {
        var names = new List<string>();
        Scan(archive, (name, _) =>
        {
            names.Add(name);
            return true;
        });
        return names;
    }

    /// <summary>Takes members into memory, those that are there; of several of one name, the first.</summary>
    public static Dictionary<string, byte[]> Load(string archive, IEnumerable<string> members)
    {
        var wanted = members.ToHashSet(StringComparer.Ordinal);
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Scan(archive, (name, open) =>
        {
            if (wanted.Remove(name))
            {
                using var data = open();
                using var memory = new MemoryStream();
                data.CopyTo(memory);
                contents.Add(name, memory.ToArray());
            }

            return wanted.Count > 0;
        });
        return contents;
    }

    /// <summary>Members to be read at the same time, from one pass over the archive; of several of one name, the first. The caller closes them.</summary>
    public static Dictionary<string, Stream> Spool(string archive, IEnumerable<string> members, Spool spool)
    {
        var wanted = members.ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, Stream>(StringComparer.Ordinal);
        try
        {
            Scan(archive, (name, open) =>
            {
                if (wanted.Remove(name))
                {
                    using var data = open();
                    found.Add(name, spool.Take(data));
                }

                return wanted.Count > 0;
            });
            return found;
        }
        catch
        {
            found.Values.ToList().ForEach(stream => stream.Dispose());
            throw;
        }
    }

    /// <summary>Whether members lie at places that can be gone to, and need no unpacking of what is before them.</summary>
    public static bool IsSeekable(ReadOnlySpan<char> path) => IsZip(path) || path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a member, unpacked; the archive is closed with it. Null where there is none of that name.</summary>
    public static Stream? Open(string archive, string member)
    {
        IDisposable? opened = null;
        try
        {
            if (IsZip(archive))
            {
                var zip = ZipFile.OpenRead(archive);
                opened = zip;
                if ((zip.GetEntry(member) ?? zip.Entries.FirstOrDefault(entry => BareName(entry.FullName) == member)) is { } found)
                {
                    return new OwningStream(Packing.Unpack(found.Open(), member), zip);
                }
            }
            else
            {
                var tar = OpenTar(archive);
                opened = tar;
                while (tar.GetNextEntry() is { } entry)
                {
                    if (BareName(entry.Name) == member && IsFile(entry))
                    {
                        return new OwningStream(Packing.Unpack(Data(entry), member), tar);
                    }
                }
            }
        }
        catch
        {
            opened?.Dispose();
            throw;
        }

        opened.Dispose();
        return null;
    }

    private static bool IsTar(ReadOnlySpan<char> path)
    {
        foreach (var extension in TarExtensions)
        {
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes through an archive's files while <paramref name="visit"/> says so.</summary>
    private static void Scan(string archive, Func<string, Func<Stream>, bool> visit)
    {
        try
        {
            if (IsZip(archive))
            {
                using var zip = ZipFile.OpenRead(archive);
                foreach (var entry in zip.Entries)
                {
                    if (!entry.FullName.EndsWith('/') && !visit(BareName(entry.FullName), entry.Open))
                    {
                        return;
                    }
                }

                return;
            }

            using var tar = OpenTar(archive);
            while (tar.GetNextEntry() is { } entry)
            {
                if (IsFile(entry) && !visit(BareName(entry.Name), () => Data(entry)))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (TextFile.IsDamage(exception))
        {
            throw new LlamaxException($"{archive} cannot be read as an archive: {exception.Message}", exception);
        }
    }

    private static bool IsFile(TarEntry entry) => entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;

    private static Stream Data(TarEntry entry) => entry.DataStream ?? Stream.Null; // An empty file has none.

    private static TarReader OpenTar(string archive) => new(Packing.Unpack(File.OpenRead(archive), archive));
}
