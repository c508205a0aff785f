using System.ComponentModel;
using System.Diagnostics;

namespace Llamax.Benchmarks.Compare;

/// <summary>What a measured figure must be read with.</summary>
internal static class Surroundings
{
    /// <summary>Machine, runtime and commit, on one line.</summary>
    public static string Describe() => $"{Processor()}, {Environment.ProcessorCount} processors, .NET {Environment.Version}, commit {Commit()}";

    /// <summary>The folder of the repository that the program was built in.</summary>
    public static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Llamax.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Llamax.slnx not found above the binaries.");
        }

        return folder;
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown processor"
            : "unknown processor";

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            return git.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } commit ? commit : "unknown";
        }
        catch (Win32Exception)
        {
            return "unknown";
        }
    }
}
