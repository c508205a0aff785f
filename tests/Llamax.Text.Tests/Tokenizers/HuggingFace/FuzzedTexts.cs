using System.Text;
using Llamax.Text.Randomness;

namespace Llamax.Text.Tests.Tokenizers.HuggingFace;

/// <summary>Texts drawn from what is hard about text: marks, joiners, line breaks, special names, all planes of Unicode.</summary>
internal static class FuzzedTexts
{
    private static readonly string[] Parts =
    [
        "hello", "the", "Ｋlein", "ﬁne", "…", "½", " ", "  ", "   ", "\n", "\r\n", "\t", "▁", "▁▁", "<s>", "</s>", "<unk>", "<mask>", "<|endoftext|>",
        "<|begin_of_text|>", "<|im_start|>", "<tool_call>", "<pad>", "<extra word>", "eng_Latn", "'s", "'LL", "123", "45678", "é", "e\u0301", "\u0301",
        "한국어", "각", "ᄀ", "ᅡ", "ᆨ", "日本語", "สวัสดี", "नमस्ते", "👩‍👩‍👧", "🇩🇪", "\u200d", "\ufeff", "İ", "ß", "ſ", "K", "Å", "\0", "\u0001", "\u200b", "<0x41>", "<0x",
        "x", ".", ",", "!", "A", "a", "_", "-", "١٢", "²", "Ⅷ", "ǅ", "ￇ", "\u0345", "\u0f73", "q\u0323\u0307", "q\u0307\u0323", "𝒜", "𐐀", "ậ", "ำ", "مرحبا", "שלום",
        "the quick", "brown fox", " the lazy dog.", "Das ist", "gut so",
    ];

    /// <summary>That many texts.</summary>
    public static string[] Draw(int count, long seed)
    {
        var random = new RandomStream(seed, "fuzzed texts");
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            var text = new StringBuilder();
            for (var parts = 1 + random.Next(9); parts > 0; parts--)
            {
                text.Append(random.Next(12) switch
                {
                    < 7 => Parts[random.Next(Parts.Length)],
                    7 => Character(random, 0x3000),
                    8 => Character(random, 0x20000),
                    9 => Character(random, 0x110000),
                    10 => new string((char)('a' + random.Next(26)), 1 + random.Next(30)),
                    _ => " " + Parts[random.Next(Parts.Length)],
                });
            }

            texts[i] = text.ToString();
        }

        return texts;
    }

    private static string Character(RandomStream random, int end)
    {
        while (true)
        {
            if (Rune.TryCreate(random.Next(end), out var rune))
            {
                return rune.ToString();
            }
        }
    }
}
