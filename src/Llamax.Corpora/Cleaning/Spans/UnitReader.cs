using System.Text;

namespace Llamax.Corpora.Cleaning.Spans;

/// <summary>Cuts a text into units of comparison: words, and single characters of scripts without spaces.</summary>
/// <param name="text">UTF-8; what is none is as if it were not there.</param>
internal ref struct UnitReader(ReadOnlySpan<byte> text)
{
    /// <summary>What a word is worth; a multiple of all parts of words.</summary>
    public const int Word = 12;

    private const ulong Start = 0xCBF29CE484222325, Factor = 0x9DDFEA08EB382D69;

    private readonly CharacterFolding folding = CharacterFolding.Default;
    private ReadOnlySpan<byte> text = text;
    private ReadOnlySpan<byte> rest; // Behind a character that stands for several, while the text is these.
    private readonly ReadOnlySpan<FoldedCharacter> ascii = CharacterFolding.Default.Ascii;
    private int at;

    /// <summary>The next unit.</summary>
    /// <param name="hash">Its hash, the same for units that are held to be the same.</param>
    /// <param name="worth">What it is worth, see <see cref="Word"/>.</param>
    public bool TryNext(out ulong hash, out int worth)
    {
        (hash, worth) = (Start, 0);
        while (at < text.Length || GoOn())
        {
            int first = text[at];
            var length = 1;
            var character = first < 0x80 ? ascii[first] : folding[Decode(text[at..], out length)];
            switch (character.Kind)
            {
                case CharacterKind.Letter:
                    if (worth is not (0 or Word))
                    {
                        return Finish(ref hash); // A character of a script without spaces, and a word behind it.
                    }

                    worth = Word;
                    hash = (hash ^ character.Value) * Factor;
                    break;
                case CharacterKind.Separator when worth > 0:
                    at += length;
                    return Finish(ref hash);
                case CharacterKind.Separator or CharacterKind.Ignored:
                    break;
                case CharacterKind.Mark:
                    worth = worth == 0 ? Word : worth; // A mark that belongs to nothing is a word by itself.
                    hash = (hash ^ character.Value) * Factor;
                    break;
                case CharacterKind.Several:
                    rest = text[(at + length)..];
                    text = folding.Parts(character);
                    at = 0;
                    continue;
                default:
                    if (worth > 0)
                    {
                        return Finish(ref hash);
                    }

                    worth = character.Kind == CharacterKind.Half ? Word / 2 : character.Kind == CharacterKind.Third ? Word / 3 : Word / 4;
                    hash = (hash ^ character.Value) * Factor;
                    break;
            }

            at += length;
        }

        return worth > 0 && Finish(ref hash);
    }

    /// <summary>Goes on behind a character that stood for several.</summary>
    private bool GoOn()
    {
        text = rest;
        rest = [];
        at = 0;
        return !text.IsEmpty;
    }

    private static bool Finish(ref ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93;
        hash ^= hash >> 32;
        return true;
    }

    private static int Decode(ReadOnlySpan<byte> utf8, out int length)
    {
        if (utf8[0] is >= 0xC2 and < 0xE0 && utf8.Length > 1)
        {
            length = 2;
            return ((utf8[0] & 0x1F) << 6) | (utf8[1] & 0x3F);
        }

        if (utf8[0] is >= 0xE0 and < 0xF0 && utf8.Length > 2)
        {
            length = 3;
            return ((utf8[0] & 0x0F) << 12) | ((utf8[1] & 0x3F) << 6) | (utf8[2] & 0x3F);
        }

        Rune.DecodeFromUtf8(utf8, out var rune, out length);
        return rune.Value;
    }
}
