using System.Text;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>Texts that nobody writes, in which everything occurs that a tokenizer may stumble over.</summary>
internal sealed class FuzzedText
{
    private static readonly string[] Spaces =
        [" ", "  ", "   ", "\t", "\n", "\r\n", "\r", "\v", "\f", "\0", "\u0085", "\u00a0", "\u1680", "\u2003", "\u200b", "\u2028", "\u202f", "\u3000", "\ufeff", "▁", "▁▁", " ▁ "];

    private static readonly string[] Specials =
        ["<s>", "</s>", "<unk>", "<pad>", "<0x0A>", "<0xFF>", "<0x0a>", "<sep>", "<x>", "\u2047", " \u2047 ", "\ufffd", "<extra_id_0>", "[INST]"];

    private static readonly string[] Marks =
        ["\u0300", "\u0301", "\u0308", "\u0327", "\u0345", "\u05b0", "\u064b", "\u0651", "\u093c", "\u094d", "\u09be", "\u0bcd", "\u0e31", "\u0e33", "\u1039", "\u20dd", "\u3099", "\u309a", "\ufe0f", "\U000e0100"];

    private static readonly string[] Emoji =
        ["😀", "👩\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "🇹🇭", "🇹", "👍🏽", "🏽", "1\ufe0f\u20e3", "❤\ufe0f", "\U000e0067\U000e007f", "\u200d"];

    private static readonly string[] RightToLeft =
        ["سلام", "العربية", "ﻻ", "لا", "שלום", "\u200f", "\u200e", "\u202b", "\u202c", "\u2067", "\u2069", "ـ", "٣", "ﷺ"];

    // What looks like UTF-8 and is not: strayed continuations, cut, overlong and surrogate forms, beyond U+10FFFF.
    private static readonly byte[][] Broken =
        [[0x80], [0xBF, 0xBF], [0xC3], [0xE2, 0x96], [0xF0, 0x9F, 0x98], [0xC0, 0x80], [0xE0, 0x80, 0xA0], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88], [0xFE], [0xFF, 0x20, 0xFF]];

    // First characters of blocks: Latin, its supplement and extensions, Greek, Cyrillic, …, compatibility forms, other planes.
    private static readonly int[] Blocks =
        [0x20, 0xA0, 0x100, 0x180, 0x250, 0x300, 0x370, 0x400, 0x531, 0x5D0, 0x600, 0x900, 0x980, 0xB80, 0xC80, 0xE00, 0xE80, 0xF00, 0x1000, 0x10A0, 0x1100, 0x1200, 0x1780, 0x1E00, 0x2000, 0x2070, 0x2100, 0x2460, 0x2580, 0x3040, 0x30A0, 0x3130, 0x3200, 0x3300, 0x4E00, 0x8000, 0xAC00, 0xD7A0, 0xE000, 0xF900, 0xFB00, 0xFE30, 0xFF00, 0x10330, 0x1D400, 0x1F100, 0x1F600, 0x20000, 0x2F800, 0x30000, 0xE0000, 0xF0000, 0x10FF00];

    private readonly RandomStream random;
    private readonly string[] pieces;
    private readonly byte[] buffer = new byte[64];

    public FuzzedText(Tokenizer tokenizer, RandomStream random)
    {
        this.random = random;
        pieces = [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.IdToPiece)];
    }

    /// <summary>The next text: up to eight stretches of different kinds, or a single long run.</summary>
    /// <param name="lines">Whether it must be one line of valid UTF-8 without zeros.</param>
    public byte[] Next(bool lines = false)
    {
        var text = new MemoryStream();
        for (var stretches = random.Next(9); stretches > 0; stretches--)
        {
            Stretch(text, lines);
        }

        var utf8 = text.ToArray();
        return lines ? [.. utf8.Select(value => value is 0 or (byte)'\n' or (byte)'\r' ? (byte)' ' : value)] : utf8;
    }

    /// <summary>A text of about that many bytes: a single piece or character again and again, or stretches of all kinds.</summary>
    public byte[] Long(int bytes)
    {
        var text = new MemoryStream();
        var unit = random.Next(3) == 0 ? null : Encoding.UTF8.GetBytes(random.Next(2) == 0 ? Pick(pieces) : AnyCharacter());
        while (text.Length < bytes)
        {
            if (unit is null)
            {
                Stretch(text, lines: false);
            }
            else
            {
                text.Write(unit);
            }
        }

        return text.ToArray();
    }

    private void Stretch(MemoryStream text, bool lines)
    {
        var count = 1 + random.Next(5);
        switch (random.Next(lines ? 11 : 12))
        {
            case 0: Repeat(count, AnyCharacter); break;
            case 1:
                var block = Blocks[random.Next(Blocks.Length)];
                Repeat(count + 2, () => Character(block + random.Next(96)));
                break;
            case 2 or 3: Repeat(count + 2, () => Pick(pieces).Replace('▁', ' ')); break;
            case 4: Repeat(count, () => Pick(pieces)); break;
            case 5: Repeat(count, () => Pick(Spaces)); break;
            case 6: Repeat(count, () => (random.Next(2) == 0 ? Character('A' + random.Next(58)) : Character(Blocks[random.Next(Blocks.Length)] + random.Next(96))) + Pick(Marks)); break;
            case 7: Repeat(count, () => Pick(RightToLeft)); break;
            case 8: Repeat(count, () => Pick(Emoji)); break;
            case 9: Repeat(1, () => string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? AnyCharacter() : Pick(pieces), 1 + random.Next(40)))); break;
            case 10: Repeat(count, () => random.Next(3) == 0 ? Character(random.Next(0xA0)) : Pick(Specials)); break;
            default:
                for (; count > 0; count--)
                {
                    text.Write(Broken[random.Next(Broken.Length)]);
                    text.WriteByte((byte)random.Next(256));
                }

                break;
        }

        void Repeat(int times, Func<string> make)
        {
            for (; times > 0; times--)
            {
                var made = make();
                if (made.Length <= buffer.Length / 3)
                {
                    text.Write(buffer.AsSpan(0, Encoding.UTF8.GetBytes(made, buffer)));
                }
                else
                {
                    text.Write(Encoding.UTF8.GetBytes(made));
                }
            }
        }
    }

    // Every plane as likely as any other.
    private string AnyCharacter() => Character(random.Next(17) << 16 | random.Next(0x10000));

    private static string Character(int value) => Rune.IsValid(value) ? new Rune(value).ToString() : "\ufffd";

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
