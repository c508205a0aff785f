using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary>Puts another character, some characters or none in place of each character: <c>Lowercase</c>, <c>StripAccents</c>, <c>Nmt</c>.</summary>
internal sealed class CharacterNormalizer : TextNormalizer
{
    private const int Removed = -1;
    private const int DottedSmallI = -2;

    private readonly Func<int, int> replace;

    private CharacterNormalizer(Func<int, int> replace) => this.replace = replace;

    /// <summary>Small letters for capital ones, as Unicode 17 has them without regard to neighbours.</summary>
    public static CharacterNormalizer Lowercase { get; } = new(ToLower);

    /// <summary>No combining marks.</summary>
    public static CharacterNormalizer StripAccents { get; } = new(character => UnicodeData.Instance.IsMark(character) ? Removed : character);

    /// <summary>Spaces for what looks like one, and no control characters.</summary>
    public static CharacterNormalizer Nmt { get; } = new(character => character switch
    {
        (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F => Removed,
        0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => ' ',
        _ => character,
    });

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> text, ByteBuffer output, EncodingWorkspace workspace)
    {
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf8(text[at..], out var rune, out var length);
            var replacement = replace(rune.Value);
            if (replacement == rune.Value)
            {
                output.Append(text.Slice(at, length));
            }
            else if (replacement == DottedSmallI)
            {
                output.Append("i\u0307"u8);
            }
            else if (replacement != Removed)
            {
                Append(new Rune(replacement), output);
            }

            workspace.StartRemoved |= at == 0 && replacement == Removed;
            at += length;
        }
    }

    /// <summary>Appends a character.</summary>
    public static void Append(Rune rune, ByteBuffer output) => rune.EncodeToUtf8(output.Grow(rune.Utf8SequenceLength));

    private static int ToLower(int character) => character switch
    {
        < 0x80 => character is >= 'A' and <= 'Z' ? character | 0x20 : character,
        0x130 => DottedSmallI,
        0xA7CE or 0xA7D2 or 0xA7D4 => character + 1, // New in Unicode 17, as are the next ones.
        >= 0x16EA0 and <= 0x16EB8 => character + 0x1B,
        _ => Rune.ToLowerInvariant(new Rune(character)).Value,
    };
}
