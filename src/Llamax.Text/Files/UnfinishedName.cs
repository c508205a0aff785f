using System.Globalization;

namespace Llamax.Text.Files;

/// <summary>
/// Names of what is being written, <c>NAME.PLACE.PROCESS.tmp</c>: no two processes have the same, wherever they run, so that
/// those which share a folder cannot take each other's even where the file system does not lock.
/// </summary>
public static class UnfinishedName
{
    private const int LongestHost = 48;

    /// <summary>The machine, and on Linux the space of process ids: containers may have the machine's name and each a process 1.</summary>
    private static readonly string Place = $"{Host()}-{Processes()}";

    /// <summary>What tells this process from others that run now, wherever they do: <c>PLACE.PROCESS</c>. One that is no more may have had it.</summary>
    public static string Process { get; } = string.Create(CultureInfo.InvariantCulture, $"{Place}.{Environment.ProcessId}");

    /// <summary>The name under which this process writes a file or folder before it gets its own.</summary>
    /// <param name="path">The file or folder.</param>
    public static string For(string path) => $"{path}.{Process}.tmp";

    /// <summary>Whether something was left behind for certain: by a process of this machine that is no more.</summary>
    /// <param name="path">The file or folder.</param>
    public static bool IsAbandoned(string path) =>
        Path.GetFileName(path).Split('.') is [_, .., var place, var process, "tmp"] && place == Place
            && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsAlive(id);

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Host()
    {
        var name = string.Concat(Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
        return name[..Math.Min(name.Length, LongestHost)];
    }

    private static string Processes()
    {
        try
        {
            return OperatingSystem.IsLinux() ? string.Concat((new FileInfo("/proc/self/ns/pid").LinkTarget ?? "0").Where(char.IsAsciiDigit)) : "0";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "0";
        }
    }
}
