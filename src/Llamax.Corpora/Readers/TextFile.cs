using System.IO.Enumeration;
using Llamax.Corpora.Readers.Archives;
using Llamax.Text.Files;

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
    private readonly (long Start, long End)? part;

    private long position;

    private TextFile(string file, string? member, byte[]? loaded = null, (long Start, long End)? part = null) =>
        (this.file, this.member, this.loaded, this.part) = (file, member, loaded, part);

    /// <summary>What messages call the file: its path, with the archive's before it; of a part also which bytes those are, from 1.</summary>
    public string Name => part is var (start, end) ? $"{WholeName} (bytes {start + 1} to {end})" : WholeName;

    /// <summary>The file on disk: the archive where the text is a member of one.</summary>
    public string DiskPath => file;

    /// <summary>Whether the file is a member of a packed archive, which is unpacked from its beginning to come to it.</summary>
    public bool NeedsUnpacking => member is not null && loaded is null && !Archive.IsSeekable(file);

    /// <summary>Whether the file on disk holds the text as it is.</summary>
    internal bool IsPlain => member is null && Packing.BareName(file) == file && !Archive.IsArchive(file);

    /// <summary>Whether this is only a part of the file on disk.</summary>
    internal bool IsPart => part is not null;

    /// <summary>Whether the text begins where the file does.</summary>
    internal bool IsBeginning => part is not var (start, _) || start == 0;

    /// <summary>Bytes on disk; of a member of an archive, the archive's; 0 where there is no file.</summary>
    internal long Size => part is var (start, end) ? end - start : File.Exists(file) ? FileStamp.Of(file).Length : 0;

    /// <summary>Bytes on disk that the latest reading has taken; 0 for members of archives. For progress, from any thread.</summary>
    internal long Position => Interlocked.Read(ref position);

    private string WholeName => member is null ? file : $"{file}!{member}";

    /// <summary>Whether the name ends like this, a <c>.gz</c> or <c>.zst</c> behind it aside.</summary>
    /// <param name="extension">With its dot, in lower case.</param>
    public bool HasExtension(string extension) => Packing.BareName(WholeName).EndsWith(extension, StringComparison.OrdinalIgnoreCase);

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

    /// <summary>A part of a plain file.</summary>
    /// <param name="start">Its first byte, from 0.</param>
    /// <param name="end">The first byte that does not belong to it.</param>
    internal TextFile Part(long start, long end) => new(file, member, part: (start, end));

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
                (null, _) when part is var (start, end) => new PartStream(OnDisk(start), start, end),
                (null, _) => Packing.Unpack(OnDisk(0), file),
                (_, not null) => Packing.Unpack(new MemoryStream(loaded), member),
                _ => Archive.Open(file, member) ?? throw Missing(Name, "", "the archive has no member of that name"),
            };
        }
        catch (Exception exception) when (IsDamage(exception) || exception is UnauthorizedAccessException)
        {
            throw new LlamaxException($"{Name} cannot be read: {exception.Message}", exception);
        }
    }

    private CountedStream OnDisk(long start) => new(File.OpenRead(file), at => Interlocked.Exchange(ref position, at - start));

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
