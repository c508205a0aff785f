using System.IO.Enumeration;
using Llamax.Corpora.Readers.Archives;

namespace Llamax.Corpora.Readers;

/// <summary>
/// A file of text: plain, <c>.gz</c>, <c>.zst</c>, or a member of a tar or zip archive, written
/// <c>archive.tar.gz!inner/path</c>. The path is opened anew for each reading.
/// </summary>
/// <remarks>
/// A gzip file that was cut off reads as a shorter one unless the program's runtime configuration sets
/// <c>System.IO.Compression.UseStrictValidation</c>, as the programs of this repository do.
/// </remarks>
public sealed class TextFile
{
    private const long SpoolRoom = 16 << 20;

    private readonly string file;
    private readonly string? member;
    private readonly byte[]? loaded;

    private long position;

    private TextFile(string file, string? member, byte[]? loaded = null) => (this.file, this.member, this.loaded) = (file, member, loaded);

    /// <summary>What messages call the file: its path, with the archive's before it.</summary>
    public string Name => member is null ? file : $"{file}!{member}";

    /// <summary>The file on disk: the archive where the text is a member of one.</summary>
    public string DiskPath => file;

    /// <summary>Whether the file is a member of a packed archive, which is unpacked from its beginning to come to it.</summary>
    public bool NeedsUnpacking => member is not null && loaded is null && !Archive.IsSeekable(file);

    /// <summary>Bytes on disk that the latest reading has taken; 0 for members of archives. For progress, from any thread.</summary>
    internal long Position => Interlocked.Read(ref position);

    /// <summary>Whether the name ends like this, a <c>.gz</c> or <c>.zst</c> behind it aside.</summary>
    /// <param name="extension">With its dot, in lower case.</param>
    public bool HasExtension(string extension) => Packing.BareName(Name).EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Finds the files that a pattern names, sorted by name. <c>*</c> and <c>?</c> stand for characters of one part of a
    /// path; behind a <c>!</c> they stand for characters of a member's whole path, whose <c>./</c> at its beginning counts
    /// neither in the pattern nor in the archive.
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

        var members = files.SelectMany(file => Archive.Members(file)
            .Where(name => FileSystemName.MatchesSimpleExpression(inner, name, ignoreCase: false))
            .Order(StringComparer.Ordinal).Select(name => new TextFile(file, name))).ToList();
        return members.Count > 0 ? members : throw Missing(pattern, key, "no member of the archive matches");
    }

    /// <summary>A pattern as the names of the files that it finds have it: without a <c>./</c> at the beginning of a member's name.</summary>
    /// <param name="pattern">A path, with wildcards or without.</param>
    public static string Normalize(string pattern) => Split(pattern) is (var path, { } inner) ? $"{path}!{inner}" : pattern;

    /// <summary>The name by which a member of an archive is known, whatever archiver wrote it.</summary>
    /// <param name="stored">The name in the archive.</param>
    public static string MemberName(string stored) => Archive.BareName(stored);

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
    /// Takes members of tar archives into memory, so that an archive is unpacked once for all of them and not once for each.
    /// </summary>
    /// <param name="files">Files; those that are no members of tar archives stay as they are.</param>
    /// <returns>The files, in their order.</returns>
    /// <exception cref="LlamaxException">An archive cannot be read, or has no such member.</exception>
    public static IReadOnlyList<TextFile> Load(IReadOnlyList<TextFile> files)
    {
        var contents = files.Where(file => file.NeedsUnpacking).GroupBy(file => file.file, StringComparer.Ordinal)
            .ToDictionary(archive => archive.Key, archive => Archive.Load(archive.Key, archive.Select(file => file.member!)), StringComparer.Ordinal);
        return [.. files.Select(file => !file.NeedsUnpacking ? file
            : new TextFile(file.file, file.member, contents[file.file].GetValueOrDefault(file.member!) ?? throw Missing(file.Name, "", "the archive has no member of that name")))];
    }

    /// <summary>Opens files that are read side by side, unpacked: a packed archive is read once for all of its members, which then lie in memory or, where they are large, on disk.</summary>
    /// <param name="files">The files.</param>
    /// <param name="room">Bytes of members in memory at most.</param>
    /// <returns>Their streams, in their order; closed by the caller.</returns>
    /// <exception cref="LlamaxException">A file cannot be read, or an archive has no such member.</exception>
    internal static IReadOnlyList<Stream> OpenTogether(IReadOnlyList<TextFile> files, long room = SpoolRoom)
    {
        var (spool, members, opened) = (new Spool(room), new Dictionary<(string, string), Stream>(), new List<Stream>());
        try
        {
            foreach (var archive in files.Where(file => file.NeedsUnpacking).GroupBy(file => file.file, StringComparer.Ordinal))
            {
                foreach (var (member, stream) in Archive.Spool(archive.Key, archive.Select(file => file.member!), spool))
                {
                    members.Add((archive.Key, member), stream);
                }
            }

            foreach (var text in files)
            {
                opened.Add(text.NeedsUnpacking && members.Remove((text.file, text.member!), out var stream) ? Packing.Unpack(stream, text.member!) : text.Open());
            }

            return opened;
        }
        catch
        {
            opened.Concat(members.Values).ToList().ForEach(stream => stream.Dispose());
            throw;
        }
    }

    /// <summary>Opens the file, unpacked.</summary>
    /// <exception cref="LlamaxException">The file or the archive's member is not there.</exception>
    public Stream Open()
    {
        try
        {
            return (member, loaded) switch
            {
                (null, _) => Packing.Unpack(new CountedStream(File.OpenRead(file), at => Interlocked.Exchange(ref position, at)), file),
                (_, not null) => Packing.Unpack(new MemoryStream(loaded), member),
                _ => Archive.Open(file, member) ?? throw Missing(Name, "", "the archive has no member of that name"),
            };
        }
        catch (Exception exception) when (IsDamage(exception) || exception is UnauthorizedAccessException)
        {
            throw new LlamaxException($"{Name} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the file so that it can be read from any place; a packed one is taken into memory.</summary>
    /// <exception cref="LlamaxException">The file or the archive's member is not there, or is damaged.</exception>
    public Stream OpenSeekable()
    {
        var stream = Open();
        if (stream.CanSeek)
        {
            return stream;
        }

        using (stream)
        {
            try
            {
                var memory = new MemoryStream();
                stream.CopyTo(memory);
                memory.Position = 0;
                return memory;
            }
            catch (Exception exception) when (IsDamage(exception))
            {
                throw new LlamaxException($"{Name} cannot be read: {exception.Message}", exception);
            }
        }
    }

    /// <summary>Whether an exception while reading says that the file is damaged or its disk is.</summary>
    internal static bool IsDamage(Exception exception) =>
        exception is IOException or InvalidDataException or FormatException or ZstdSharp.ZstdException;

    private static (string Path, string? Inner) Split(string pattern)
    {
        for (var at = pattern.IndexOf('!'); at >= 0; at = pattern.IndexOf('!', at + 1))
        {
            if (Archive.IsArchive(pattern.AsSpan(0, at)))
            {
                return (pattern[..at], Archive.BareName(pattern[(at + 1)..]));
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

    private static LlamaxException Missing(string pattern, string key, string what) =>
        new($"{(key.Length == 0 ? "" : key + ": ")}{pattern}: {what}. {(IsRecipeKey(key) ? "Paths start from the folder that the recipe names; a" : "A")}"
            + " file in an archive is written archive.tar.gz!inner/path.");

    private static bool IsRecipeKey(string key) => key.Length > 0 && !key.StartsWith('-');
}
