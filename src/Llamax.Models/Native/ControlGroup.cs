using System.Globalization;

namespace Llamax.Models.Native;

/// <summary>What Linux allows the group of processes that this one belongs to: a container's limit, or a batch system's.</summary>
internal static class ControlGroup
{
    /// <summary>Memory that the group may still take, in bytes, by the tightest limit above it; null where there is none.</summary>
    /// <param name="membership">The file that names the group, <c>/proc/self/cgroup</c>.</param>
    /// <param name="root">Where version 2 of control groups is mounted.</param>
    public static long? FreeMemory(string membership = "/proc/self/cgroup", string root = "/sys/fs/cgroup")
    {
        if (!File.Exists(membership) || Array.Find(File.ReadAllLines(membership), line => line.StartsWith("0::", StringComparison.Ordinal)) is not { } own)
        {
            return null;
        }

        long? free = null;
        for (var folder = own[3..].Trim('/'); ; folder = Path.GetDirectoryName(folder) ?? "")
        {
            var group = Path.Combine(root, folder);
            if (Number(Path.Combine(group, "memory.max")) is { } most && Number(Path.Combine(group, "memory.current")) is { } taken)
            {
                // Files that were read and are not in use any more make room by themselves.
                free = Math.Min(free ?? long.MaxValue, Math.Max(0, most - Math.Max(0, taken - Reclaimable(Path.Combine(group, "memory.stat")))));
            }

            if (folder.Length == 0)
            {
                return free;
            }
        }
    }

    private static long? Number(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long Reclaimable(string file) =>
        File.Exists(file) && Array.Find(File.ReadAllLines(file), line => line.StartsWith("inactive_file ", StringComparison.Ordinal)) is { } line
            ? long.Parse(line["inactive_file ".Length..], CultureInfo.InvariantCulture)
            : 0;
}
