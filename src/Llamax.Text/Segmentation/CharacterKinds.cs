using System.Globalization;
using System.Text;

namespace Llamax.Text.Segmentation;

/// <summary>What a character is to words of languages with spaces, as <see cref="TextElement"/> and the runtime's grapheme clusters have it.</summary>
internal enum CharacterKind : byte
{
    /// <summary>Space, punctuation, symbol.</summary>
    Other,

    /// <summary>A letter or digit, of a script with spaces or without.</summary>
    Word,

    /// <summary>An apostrophe or hyphen.</summary>
    Joiner,

    /// <summary>Belongs to the character before it: a mark, a joiner of zero width.</summary>
    Mark,

    /// <summary>Takes the character behind it to itself; rare, and seen to as clusters.</summary>
    Prefix,
}

/// <summary>The kinds of all characters, found out once from the runtime.</summary>
internal static class CharacterKinds
{
    private static readonly Lazy<CharacterKind[]> BasicPlane = new(() => [.. Enumerable.Range(0, 0x10000).Select(Find)]);

    /// <summary>By code point, the kinds of the basic plane.</summary>
    public static CharacterKind[] Basic => BasicPlane.Value;

    /// <summary>The kind of any character.</summary>
    public static CharacterKind Of(Rune rune) => rune.IsBmp ? Basic[rune.Value] : Find(rune.Value);

    private static CharacterKind Find(int code)
    {
        if (!Rune.TryCreate(code, out var rune))
        {
            return CharacterKind.Other;
        }

        Span<char> text = stackalloc char[4];
        text[0] = '!';
        var length = rune.EncodeToUtf16(text[1..]);
        if (StringInfo.GetNextTextElementLength(text[..(length + 1)]) > 1)
        {
            return CharacterKind.Mark;
        }

        text[length + 1] = '!';
        if (StringInfo.GetNextTextElementLength(text[1..(length + 2)]) > length)
        {
            return CharacterKind.Prefix;
        }

        TextElement.End(text[1..(length + 1)], 0, out var kind);
        return kind switch
        {
            ElementKind.Spaced or ElementKind.Unspaced => CharacterKind.Word,
            ElementKind.Joiner => CharacterKind.Joiner,
            _ => CharacterKind.Other,
        };
    }
}
