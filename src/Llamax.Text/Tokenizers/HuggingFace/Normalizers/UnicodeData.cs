using System.Globalization;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary>
/// What Unicode normalisation needs to know of characters, in the version that Hugging Face's library has stayed with
/// (Unicode 9). .NET's own normalisation is of another version, and absent where globalization is invariant.
/// </summary>
internal sealed class UnicodeData
{
    private static readonly Lazy<UnicodeData> Loaded = new(() => new UnicodeData());

    private readonly Dictionary<int, byte> classes = [];
    private readonly Dictionary<int, int[]> canonical = [];
    private readonly Dictionary<int, int[]> compatible = [];
    private readonly Dictionary<(int, int), int> compositions = [];
    private readonly HashSet<int> marks = [];

    private UnicodeData()
    {
        using var reader = new StreamReader(typeof(UnicodeData).Assembly.GetManifestResourceStream("Llamax.Text.Characters.unicode9.txt")!);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            switch (parts[0])
            {
                case "class": ForRange(parts, character => classes.Add(character, byte.Parse(parts[3], CultureInfo.InvariantCulture))); break;
                case "mark": ForRange(parts, character => marks.Add(character)); break;
                case "D": canonical.Add(Hex(parts[1]), [.. parts.Skip(2).Select(Hex)]); break;
                case "K": compatible.Add(Hex(parts[1]), [.. parts.Skip(2).Select(Hex)]); break;
                case "C": compositions.Add((Hex(parts[1]), Hex(parts[2])), Hex(parts[3])); break;
            }
        }
    }

    /// <summary>The data.</summary>
    public static UnicodeData Instance => Loaded.Value;

    /// <summary>Whether a character is a combining mark.</summary>
    public bool IsMark(int character) => character >= 0x300 && marks.Contains(character);

    /// <summary>The canonical combining class.</summary>
    public byte Class(int character) => character < 0x300 ? (byte)0 : classes.GetValueOrDefault(character);

    /// <summary>The full decomposition of a character; null where it is itself. Hangul syllables are left to arithmetic.</summary>
    public int[]? Decomposition(int character, bool isCompatible) =>
        character < 0xA0 ? null
        : isCompatible && compatible.TryGetValue(character, out var result) ? result
        : canonical.GetValueOrDefault(character);

    /// <summary>The character that two are composed to, or -1.</summary>
    public int Composition(int first, int second) => compositions.TryGetValue((first, second), out var result) ? result : -1;

    private static void ForRange(string[] parts, Action<int> action)
    {
        for (var character = Hex(parts[1]); character <= Hex(parts[2]); character++)
        {
            action(character);
        }
    }

    private static int Hex(string code) => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
