using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Llamax.Text.Files;

/// <summary>
/// What a name to write to leads to: a file, there already or not, behind links where there are some; or what takes bytes as
/// they come and keeps none that could be replaced: a pipe, a terminal, <c>/dev/null</c>, <c>/dev/stdout</c>.
/// </summary>
public sealed partial class OutputPlace
{
    private const int MostLinks = 40; // As many as Linux follows.

    private readonly string named;
    private readonly int? descriptor;

    private OutputPlace(string named, string path, int? descriptor, bool isFile) =>
        (this.named, Path, this.descriptor, IsFile) = (named, path, descriptor, isFile);

    /// <summary>The full name of the file, no link: what is written under another name and then renamed to it replaces no link.</summary>
    public string Path { get; }

    /// <summary>Whether it is a file, there already or not; otherwise <see cref="OpenStream"/> is how to write there.</summary>
    public bool IsFile { get; }

    /// <summary>Finds out what a name leads to; opens and makes nothing.</summary>
    /// <param name="path">What the user named.</param>
    /// <exception cref="LlamaxException">It is a folder or a disk, would lie in a file, or its links lead in a circle.</exception>
    public static OutputPlace Of(string path)
    {
        var (target, descriptor) = Follow(path);
        if (descriptor is not null)
        {
            return new OutputPlace(path, target, descriptor, isFile: false);
        }

        if (Directory.Exists(target) || System.IO.Path.EndsInDirectorySeparator(path))
        {
            throw new LlamaxException($"{path} is a folder. Name a file to write.");
        }

        var type = TypeOf(target);
        if (type == FileType.Disk)
        {
            throw new LlamaxException($"{path} is a disk. Name a file to write.");
        }

        if (FileOnTheWay(System.IO.Path.GetDirectoryName(target)!) is { } file)
        {
            throw new LlamaxException($"{path} cannot be written: {file} is a file, no folder.");
        }

        return new OutputPlace(path, target, descriptor, isFile: type is FileType.File);
    }

    /// <summary>The full name of what a name leads to, so that two names of one file are seen to be that.</summary>
    /// <param name="path">A file, there or not, or a link to one.</param>
    /// <exception cref="LlamaxException">Its links lead in a circle.</exception>
    public static string RealPath(string path) => Follow(path).Target;

    /// <summary>What keeps a folder from being there: the first thing on the way to it, or in its place, that is a file; null where there is none.</summary>
    /// <param name="folder">The folder.</param>
    public static string? FileOnTheWay(string folder)
    {
        for (var at = System.IO.Path.GetFullPath(folder); at is not null && !Directory.Exists(at); at = System.IO.Path.GetDirectoryName(at))
        {
            if (File.Exists(at))
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>
    /// Opens what is no file for writing, without a buffer; of a pipe that waits until somebody reads. To dispose of the stream
    /// does not wait for a write that still does.
    /// </summary>
    /// <exception cref="LlamaxException">It does not let itself be written.</exception>
    public Stream OpenStream()
    {
        try
        {
            if (descriptor is not { } number)
            {
                return new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            }

            var stream = new FileStream(new SafeFileHandle(number, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek || number is not (1 or 2))
            {
                return stream;
            }

            // Of a file, programs may share the place where they write, as in `(a; b) > file`: only the console's stream moves it.
            stream.Dispose();
            return number == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new LlamaxException($"{named} cannot be written: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>
    /// Goes along a path as the system does, link by link. .NET would take the <c>..</c> of a link's text for the folder before
    /// it in the text, which is another one where that is a link.
    /// </summary>
    private static (string Target, int? Descriptor) Follow(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsWindows())
        {
            var full = System.IO.Path.GetFullPath(path);
            return (File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full, null);
        }

        var parts = new Stack<string>();
        Push(System.IO.Path.Combine(Environment.CurrentDirectory, path));
        var (at, links) = ("/", 0);
        while (parts.TryPop(out var part))
        {
            if (part == "..")
            {
                at = System.IO.Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            var next = System.IO.Path.Combine(at, part);
            if (parts.Count == 0 && IsDescriptors(at) && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && System.IO.Path.Exists(next))
            {
                return (next, number);
            }

            if (new FileInfo(next).LinkTarget is { } link)
            {
                if (++links > MostLinks)
                {
                    throw new LlamaxException($"{path}: its links lead in a circle.");
                }

                Push(link);
                next = link.StartsWith('/') ? "/" : at;
            }

            at = next;
        }

        return (at, null);

        void Push(string text)
        {
            foreach (var part in text.Split('/').Reverse().Where(part => part is not ("" or ".")))
            {
                parts.Push(part);
            }
        }
    }

    /// <summary>Whether a folder holds the descriptors of this process, whose text says nothing of where they lead.</summary>
    private static bool IsDescriptors(string folder) =>
        folder == "/dev/fd" || (folder.StartsWith("/proc/", StringComparison.Ordinal) && folder == $"/proc/{new FileInfo("/proc/self").LinkTarget}/fd");

    /// <summary>What there is under a name that is no link and no folder; a file where there is nothing.</summary>
    private static FileType TypeOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return path.StartsWith(@"\\.\", StringComparison.Ordinal) || path.StartsWith("/dev/", StringComparison.Ordinal) ? FileType.Stream : FileType.File;
        }

        // .NET tells no pipe or device from a file; opening one to see would wait for its reader. The mode is at the same place on every processor.
        Span<byte> facts = stackalloc byte[256];
        return Look(currentFolder: -100, path, flags: 0, mask: 1, facts) != 0 ? FileType.File : (BitConverter.ToUInt16(facts[28..]) & 0xF000) switch
        {
            0x8000 => FileType.File,
            0x6000 => FileType.Disk,
            _ => FileType.Stream,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int currentFolder, string path, int flags, uint mask, Span<byte> facts);

    private enum FileType
    {
        File,
        Stream,
        Disk,
    }
}
