using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Enumeration;

namespace Llamax.Corpora.Readers;

/// <summary>
/// A file of text: plain, <c>.gz</c>, or a member of a tar archive, written <c>archive.tar.gz!inner/path</c>. The path is
/// opened anew for each reading.
/// </summary>
/// <remarks>
/// A gzip file that was cut off reads as a shorter one unless the program's runtime configuration sets
/// <c>System.IO.Compression.UseStrictValidation</c>, as the programs of this repository do.
/// </remarks>
public sealed class TextFile
{
    private static readonly string[] ArchiveExtensions = [".tar", ".tar.gz", ".tgz"];

    private readonly string file;
    private readonly string? member;
    private readonly byte[]? loaded;

    private TextFile(string file, string? member, byte[]? loaded = null) => (this.file, this.member, this.loaded) = (file, member, loaded);

    /// <summary>What messages call the file: its path, with the archive's before it.</summary>
    public string Name => member is null ? file : $"{file}!{member}";

    /// <summary>The file on disk: the archive where the text is a member of one.</summary>
    public string DiskPath => file;

    /// <summary>Whether the name ends like this, a <c>.gz</c> behind it aside.</summary>
    /// <param name="extension">With its dot, in lower case.</param>
    public bool HasExtension(string extension)
    {
        var name = Name.ToLowerInvariant();
        return (name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name).EndsWith(extension, StringComparison.Ordinal);
    }

    /// <summary>
    /// Finds the files that a pattern names, sorted by name. <c>*</c> and <c>?</c> stand for characters of one part of a
    /// path; behind a <c>!</c> they stand for characters of a member's whole path.
    /// </summary>
    /// <param name="pattern">A path, with wildcards or without.</param>
    /// <param name="key">The recipe's key or the command's option that holds the pattern, for messages; may be empty.</param>
    /// <exception cref="LlamaxException">Nothing of that name is there.</exception>
    public static IReadOnlyList<TextFile> Find(string pattern, string key = "")
    {
        var (path, inner) = Split(pattern);
        var files = Glob(path).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw Missing(pattern, key, IsWild(path) ? "no file matches" : Directory.Exists(path) ? "this is a folder; name files, such as FOLDER/*.txt" : "no such file");
        }

        if (inner is null)
        {
            return [.. files.Select(file => new TextFile(file, null))];
        }

        if (!IsWild(inner))
        {
            return [.. files.Select(file => new TextFile(file, inner))];
        }

        var members = files.SelectMany(file => Members(file)
            .Where(name => FileSystemName.MatchesSimpleExpression(inner, name, ignoreCase: false))
            .Order(StringComparer.Ordinal).Select(name => new TextFile(file, name))).ToList();
        return members.Count > 0 ? members : throw Missing(pattern, key, "no member of the archive matches");
    }

    /// <summary>The one file that a path names.</summary>
    /// <param name="path">A path without wildcards, or with wildcards that match one file.</param>
    /// <param name="key">The recipe's key or the command's option that holds the path, for messages; may be empty.</param>
    /// <exception cref="LlamaxException">There is none, or more than one.</exception>
    public static TextFile FindOne(string path, string key = "") => Find(path, key) switch
    {
        [var one] => one,
        var many => throw Missing(path, key, $"{many.Count} files match where one is needed"),
    };

    /// <summary>
    /// Takes members of archives into memory, so that an archive is unpacked once for all of them and not once for each.
    /// </summary>
    /// <param name="files">Files; those that are no members stay as they are.</param>
    /// <returns>The files, in their order.</returns>
    /// <exception cref="LlamaxException">An archive cannot be read, or has no such member.</exception>
    public static IReadOnlyList<TextFile> Load(IReadOnlyList<TextFile> files)
    {
        var contents = new Dictionary<(string, string), byte[]>();
        foreach (var archive in files.Where(file => file.member is not null && file.loaded is null).GroupBy(file => file.file, StringComparer.Ordinal))
        {
            var wanted = archive.Select(file => file.member!).ToHashSet(StringComparer.Ordinal);
            Scan(archive.Key, entry =>
            {
                // As in Open, the first member of a name counts.
                if (entry.DataStream is { } data && wanted.Remove(entry.Name))
                {
                    using var memory = new MemoryStream();
                    data.CopyTo(memory);
                    contents.Add((archive.Key, entry.Name), memory.ToArray());
                }

                return wanted.Count > 0;
            });
        }

        return [.. files.Select(file => file.member is null || file.loaded is not null ? file
            : new TextFile(file.file, file.member, contents.GetValueOrDefault((file.file, file.member)) ?? throw Missing(file.Name, "", "the archive has no member of that name")))];
    }

    /// <summary>Opens the file, unpacked.</summary>
    /// <exception cref="LlamaxException">The file or the archive's member is not there.</exception>
    public Stream Open()
    {
        try
        {
            if (member is null)
            {
                return Unpack(File.OpenRead(file), file);
            }

            if (loaded is not null)
            {
                return Unpack(new MemoryStream(loaded), member);
            }

            var tar = OpenArchive(file);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.Name == member && entry.DataStream is { } data)
                {
                    return new OwningStream(Unpack(data, member), tar);
                }
            }

            tar.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new LlamaxException($"{Name} cannot be read: {exception.Message}", exception);
        }

        throw Missing(Name, "", "the archive has no member of that name");
    }

    private static (string Path, string? Inner) Split(string pattern)
    {
        for (var at = pattern.IndexOf('!'); at >= 0; at = pattern.IndexOf('!', at + 1))
        {
            if (ArchiveExtensions.Any(extension => pattern.AsSpan(0, at).EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
            {
                return (pattern[..at], pattern[(at + 1)..]);
            }
        }

        return (pattern, null);
    }

    private static bool IsWild(string text) => text.AsSpan().ContainsAny('*', '?');

    private static IEnumerable<string> Glob(string path)
    {
        if (!IsWild(path))
        {
            return File.Exists(path) ? [path] : [];
        }

        var folder = Path.GetDirectoryName(path) ?? "";
        var folders = IsWild(folder) ? GlobFolders(folder) : [folder];
        return folders.Where(each => each.Length == 0 || Directory.Exists(each))
            .SelectMany(each => Directory.GetFiles(each.Length == 0 ? "." : each, Path.GetFileName(path)).Select(file => Path.Combine(each, Path.GetFileName(file))));
    }

    private static IEnumerable<string> GlobFolders(string path)
    {
        var parent = Path.GetDirectoryName(path) ?? "";
        var parents = IsWild(parent) ? GlobFolders(parent) : [parent];
        return parents.Where(each => each.Length == 0 || Directory.Exists(each)).SelectMany(each => Directory
            .GetDirectories(each.Length == 0 ? "." : each, Path.GetFileName(path)).Select(folder => Path.Combine(each, Path.GetFileName(folder))));
    }

    private static List<string> Members(string archive)
    {
        var names = new List<string>();
        Scan(archive, entry =>
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                names.Add(entry.Name);
            }

            return true;
        });
        return names;
    }

    /// <summary>Goes through an archive's entries while <paramref name="visit"/> says so.</summary>
    private static void Scan(string archive, Func<TarEntry, bool> visit)
    {
        try
        {
            using var tar = OpenArchive(archive);
            while (tar.GetNextEntry() is { } entry && visit(entry))
            {
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or FormatException)
        {
            throw new LlamaxException($"{archive} cannot be read as an archive: {exception.Message}", exception);
        }
    }

    private static TarReader OpenArchive(string archive) => new(Unpack(File.OpenRead(archive), archive));

    private static Stream Unpack(Stream stream, string name) =>
        name.EndsWith("gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;

    private static LlamaxException Missing(string pattern, string key, string what) =>
        new($"{(key.Length == 0 ? "" : key + ": ")}{pattern}: {what}. {(IsRecipeKey(key) ? "Paths start from the folder that the recipe names; a" : "A")}"
            + " file in an archive is written archive.tar.gz!inner/path.");

    private static bool IsRecipeKey(string key) => key.Length > 0 && !key.StartsWith('-');

    /// <summary>A member's stream that closes the archive with itself.</summary>
    private sealed class OwningStream(Stream inner, IDisposable owner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                owner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
