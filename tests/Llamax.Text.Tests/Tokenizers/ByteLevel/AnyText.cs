using CsCheck;
using Llamax.Text.Randomness;

namespace Llamax.Text.Tests.Tokenizers.ByteLevel;

/// <summary>Texts in which the split patterns have something to decide.</summary>
internal static class AnyText
{
    private static readonly string[] Parts =
    [
        " ", " ", "  ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u3000", "\u2028", "\u0085", "\u200b", "\0", "a", "Word", "ABC", "xyz", "s", "t", "'", "'s", "'S", "'ſ",
        "'ll", "'LL", "'Re", "'ve", "'d", "'M", "’s", "0", "12", "345", "²", "½", "٣", "Ⅷ", "𝟘", "𐄇", "!", "?!", "...", "/", "-", "_", "$", "é", "e\u0301", "\u0301", "ß", "ǅ", "ʰ",
        "中", "文字", "ｶﾞ", "กำ", "நி", "한", "אב", "مر", "👩‍🚀", "🇩🇪", "\ufe0f", "𐐀", "𐐨", "𝒳", "𠀀", "\ue000", "\U000e0100", "\U0010ffff", "\u0378", "<|eot_id|>",
    ];

    /// <summary>Texts of up to 24 parts.</summary>
    public static Gen<string> Gen { get; } = CsCheck.Gen.Frequency(
        (4, CsCheck.Gen.Int[0, Parts.Length - 1].Select(i => Parts[i])),
        (1, CsCheck.Gen.Int[0, 0x10FFFF - 0x800].Select(c => char.ConvertFromUtf32(c < 0xD800 ? c : c + 0x800)))).Array[0, 24].Select(string.Concat);

    /// <summary>So many texts of the same kind, the same ones each time.</summary>
    public static string[] Many(int count)
    {
        var random = new RandomStream(1, "byte-level", "texts");
        var texts = new string[count];
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Clear();
            for (var parts = random.Next(40); parts > 0; parts--)
            {
                var c = random.Next(0x110000 - 0x800);
                var part = random.Next(8) > 0 ? Parts[random.Next(Parts.Length)] : char.ConvertFromUtf32(c < 0xD800 ? c : c + 0x800);
                for (var times = random.Next(10) > 0 ? 1 : 1 + random.Next(12); times > 0; times--)
                {
                    text.Append(part);
                }
            }

            texts[i] = text.ToString();
        }

        return texts;
    }
}
