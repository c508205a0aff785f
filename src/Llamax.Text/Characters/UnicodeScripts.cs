using System.Globalization;

namespace Llamax.Text.Characters;

/// <summary>The script of a character, as the Unicode Character Database states it (scripts.txt beside this file).</summary>
public sealed class UnicodeScripts
{
    /// <summary>The only instance; immutable.</summary>
    public static readonly UnicodeScripts Default = new();

    private const int BasicPlane = 0x10000;

    private readonly byte[] basic = new byte[BasicPlane]; // By code point, the script's place among the names.
    private readonly List<string> names = ["Common"];
    private readonly int[] first;
    private readonly int[] last;
    private readonly string[] scripts;

    private UnicodeScripts()
    {
        using var stream = typeof(UnicodeScripts).Assembly.GetManifestResourceStream("Llamax.Text.Characters.scripts.txt")!;
        using var reader = new StreamReader(stream);
        var (first, last, scripts) = (new List<int>(), new List<int>(), new List<string>());
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var (range, name) = (line[..line.IndexOf(' ')].Split(".."), line[(line.IndexOf(' ') + 1)..]);
                first.Add(int.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                last.Add(int.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                scripts.Add(string.Intern(name));
            }
        }

        (this.first, this.last, this.scripts) = ([.. first], [.. last], [.. scripts]);
        for (var range = 0; range < scripts.Count && first[range] < BasicPlane; range++)
        {
            var name = names.IndexOf(scripts[range]);
            if (name < 0)
            {
                name = names.Count;
                names.Add(scripts[range]);
            }

            basic.AsSpan(first[range]..Math.Min(last[range] + 1, BasicPlane)).Fill(checked((byte)name));
        }
    }

    /// <summary>The script's long name, such as <c>Latin</c>; <c>Common</c> also for code points that have none.</summary>
    /// <param name="codePoint">A code point.</param>
    public string Of(int codePoint)
    {
        if ((uint)codePoint < BasicPlane)
        {
            return names[basic[codePoint]];
        }

        var at = Array.BinarySearch(first, codePoint);
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && codePoint <= last[at] ? scripts[at] : "Common";
    }
}
