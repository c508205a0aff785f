using System.Text;
using Llamax.Text.Randomness;

namespace Llamax.Text.Tests.Segmentation.Jieba;

/// <summary>Random texts of words, characters that no dictionary has, other scripts, numbers, punctuation and broken text.</summary>
internal sealed class FuzzedChinese(string dictionary, RandomStream random)
{
    private static readonly string[] Fixed =
    [
        "3.14", "50%", "3.", ".5", "1.2.3", "%%", "C++", "A-B_c", "#1", "a&b", "AT&T", "-", "..", "hello", "world", "IPv6", "2021", "e",
        "，", "。", "、", "《", "》", "“", "·", "—", "…", "！", " ", "  ", "\u3000", "\t", "\n", "\r\n", "\r", "\u0085", "\u001d", "\u2028", "\u00a0", "\0",
        "😀", "👨\u200d👩\u200d👧", "❤\ufe0f", "🇨🇳", "𠮷", "𪚥", "𰻞", "〇", "々", "鿖", "鿿", "㐀", "豈", "é", "e\u0301", "Москва", "東京タワー", "ไทย", "한국", "ａｂｃ１２３",
        "\ud800", "\udfff", "\ue000", "٣٤", "½",
    ];

    private readonly List<string> ambiguous = [];
    private readonly string[] words = [.. File.ReadLines(dictionary).Select(line => line[..line.IndexOf(' ')])];

    /// <summary>A text of up to 40 pieces.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        for (var left = random.Next(40); left >= 0; left--)
        {
            text.Append(Piece());
        }

        return text.ToString();
    }

    /// <summary>Lines of a user's dictionary that let a text be cut in two ways with the same probability.</summary>
    public string AmbiguousWords()
    {
        var (a, b, c) = (AnyHan(), AnyHan(), AnyHan());
        ambiguous.Add(a + b + c);
        var (one, two) = (1 + random.Next(1_000), 1_000 + random.Next(1_000_000));
        return $"{a} {one}\n{c} {one}\n{a}{b} {two}\n{b}{c} {two}\n";
    }

    /// <summary>A line of a user's dictionary, with or without frequency and tag.</summary>
    public string UserLine()
    {
        var word = Chinese() + (random.Next(3) == 0 ? Fixed[random.Next(18)] : "") + Chinese();
        return word + random.Next(5) switch { 0 => " 0", 1 => $" {random.Next(20)}", 2 => $" {random.Next(1_000_000)} n", _ => "" } + "\n";
    }

    private string Piece() => random.Next(10) switch
    {
        < 3 => words[random.Next(words.Length)],
        < 7 => Chinese(),
        < 8 when ambiguous.Count > 0 => ambiguous[random.Next(ambiguous.Count)],
        < 8 => AnyHan(),
        _ => Fixed[random.Next(Fixed.Length)],
    };

    private string AnyHan() => ((char)(0x4E00 + random.Next(0x5200))).ToString();

    /// <summary>One character of a word, a frequent word more often than not.</summary>
    private string Chinese()
    {
        var word = words[random.Next(random.Next(2) == 0 ? 3_000 : words.Length)];
        return word[random.Next(word.Length)].ToString();
    }
}
