using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>Whether a normaliser leaves a character as it is.</summary>
internal enum Inertness : byte
{
    /// <summary>Always, whatever comes after it.</summary>
    Always,

    /// <summary>At the end and before ASCII; before other characters there may be a rule for both.</summary>
    BeforeAscii,

    /// <summary>There may be a rule.</summary>
    Never,
}

/// <summary>
/// Which characters up to U+FFFF a normaliser leaves as they are, found out once, so that most of a text can be copied
/// without a look into the rules. The space is never inert.
/// </summary>
internal sealed class InertCharacters
{
    private readonly byte[] classes = new byte[0x10000 / 4]; // Two bits for each code point.

    /// <summary>Asks the rules about every character.</summary>
    public InertCharacters(CharacterMap? map, ByteTrie? userDefined)
    {
        AreGraphicInert = true;
        if (map is null && userDefined is null)
        {
            classes[' ' >> 2] = (byte)Inertness.Never; // The first of its four.
            return;
        }

        Span<byte> utf8 = stackalloc byte[3];
        for (var value = 0; value < 0x10000; value++)
        {
            if (!Rune.TryCreate(value, out var rune))
            {
                continue; // Half a surrogate pair, which no valid text has.
            }

            var character = utf8[..rune.EncodeToUtf8(utf8)];
            var inertness = value == ' ' || userDefined?.Child(ByteTrie.Root, character[0]) >= 0
                ? Inertness.Never : map?.Inertness(character) ?? Inertness.Always;
            classes[value >> 2] |= (byte)((int)inertness << ((value & 3) << 1));
            AreGraphicInert &= value is <= 0x20 or >= 0x7F || inertness != Inertness.Never;
        }
    }

    /// <summary>Whether all of U+0021 to U+007E are at least inert before ASCII.</summary>
    public bool AreGraphicInert { get; }

    public Inertness this[int codePoint]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Inertness)(classes[codePoint >> 2] >> ((codePoint & 3) << 1) & 3);
    }

    /// <summary>How many of the first 16 bytes are U+0021 to U+007E, up to the first that is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountGraphic(Vector128<byte> bytes)
    {
        // As signed numbers bytes from 0x80 on are below zero.
        var others = Vector128.LessThanOrEqual(bytes.AsSByte(), Vector128.Create((sbyte)0x20)).AsByte() | Vector128.Equals(bytes, Vector128.Create((byte)0x7F));
        return int.TrailingZeroCount((int)others.ExtractMostSignificantBits() | 1 << 16);
    }
}
