namespace Llamax.Models.Hub.Listing;

/// <summary>Refuses names of files that lead out of the folder that they are written to.</summary>
internal static class HubPath
{
    private const int LongestPart = 255;
    private const int LongestPath = 1024;

    private static readonly string[] WindowsDevices =
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" })];

    /// <summary>Checks a name that a server gave.</summary>
    /// <param name="path">The path, with slashes.</param>
    /// <param name="source">Who gave it, for the message.</param>
    /// <param name="onWindows">Whether the names that Windows reads otherwise are refused too.</param>
    /// <exception cref="LlamaxException">It leads out of its folder.</exception>
    public static void Check(string path, string source, bool onWindows)
    {
        var parts = path.Split('/');
        if (path.Length > LongestPath
            || path.Contains('\\')
            || path.Any(char.IsControl)
            || path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])
            || parts.Any(part => part is "" or "." or ".." || System.Text.Encoding.UTF8.GetByteCount(part) > LongestPart)
            || onWindows && parts.Any(IsTrickOnWindows))
        {
            throw new LlamaxException($"{source} names a file '{Printable(path)}', which leads out of the folder or cannot be a file's name. Nothing of it was written.");
        }
    }

    private static bool IsTrickOnWindows(string part) =>
        part.IndexOfAny([':', '<', '>', '"', '|', '?', '*']) >= 0
        || part[^1] is '.' or ' '
        || WindowsDevices.Contains(part.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);

    /// <summary>A name as it can be shown.</summary>
    public static string Printable(string path) =>
        new([.. path.Take(120).Select(character => char.IsControl(character) ? '?' : character)]);
}
