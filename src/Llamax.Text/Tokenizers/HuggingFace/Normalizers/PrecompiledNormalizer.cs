using System.Buffers;
using System.Globalization;
using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.Normalizers;

/// <summary>
/// <c>Precompiled</c>: SentencePiece's table of replacements, read by grapheme clusters as Hugging Face's library does: a
/// cluster of less than six bytes that has any start in the table becomes the replacement of the shortest such start, all
/// of it; else every character is looked up alone. SentencePiece itself replaces the longest match at each place.
/// </summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : TextNormalizer
{
    private const int LongestCluster = 5;

    // Marks that are new in Unicode 17, of which the library knows and .NET does not yet; and a mark that both know, as long in UTF-8.
    private const string NewMarks = "\u1ACF\u1AD0\u1AD1\u1AD2\u1AD3\u1AD4\u1AD5\u1AD6\u1AD7\u1AD8\u1AD9\u1ADA\u1ADB\u1ADC\u1ADD"
        + "\u1AE0\u1AE1\u1AE2\u1AE3\u1AE4\u1AE5\u1AE6\u1AE7\u1AE8\u1AE9\u1AEA\u1AEB";
    private const char KnownMark = '\u1ACE';

    private static readonly SearchValues<char> NewMarkSet = SearchValues.Create(NewMarks);

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> text, ByteBuffer output, EncodingWorkspace workspace)
    {
        var start = output.Length;
        for (var at = 0; at < text.Length;)
        {
            var ascii = AloneInAscii(text[at..]);
            ascii = at == 0 ? Math.Min(1, ascii) : ascii;
            for (var i = 0; i < ascii; i++)
            {
                AppendCharacter(text.Slice(at + i, 1), output);
            }

            at += ascii;
            if (ascii == 0)
            {
                var end = at + NextAscii(text[at..]);
                ApplyByClusters(text[at..end], start, output, workspace);
                at = end;
            }

            workspace.StartRemoved |= output.Length == start;
        }
    }

    /// <summary>How many characters of ASCII stand here that each are a cluster.</summary>
    private static int AloneInAscii(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
        end = end < 0 ? text.Length : Math.Max(0, end - 1);
        var lines = text[..end].IndexOf("\r\n"u8);
        return lines < 0 ? end : lines;
    }

    /// <summary>Where the next two characters of ASCII stand, between which clusters always end.</summary>
    private static int NextAscii(ReadOnlySpan<byte> text)
    {
        for (var i = 2; i < text.Length; i++)
        {
            if (text[i - 1] < 0x80 && text[i] < 0x80 && !(text[i - 1] == '\r' && text[i] == '\n'))
            {
                return i;
            }
        }

        return text.Length;
    }

    private void ApplyByClusters(ReadOnlySpan<byte> text, int start, ByteBuffer output, EncodingWorkspace workspace)
    {
        var room = workspace.Characters(text.Length);
        room = room[..Encoding.UTF8.GetChars(text, room)];
        room.ReplaceAny(NewMarkSet, KnownMark);
        ReadOnlySpan<char> characters = room;
        while (!characters.IsEmpty)
        {
            var units = StringInfo.GetNextTextElementLength(characters);
            var length = Encoding.UTF8.GetByteCount(characters[..units]);
            if (length > LongestCluster || !TryReplace(text[..length], output))
            {
                for (var at = 0; at < length;)
                {
                    var character = text.Slice(at, Utf8.CharacterLength(text[at]));
                    AppendCharacter(character, output);
                    at += character.Length;
                }
            }

            workspace.StartRemoved |= output.Length == start;
            characters = characters[units..];
            text = text[length..];
        }
    }

    private void AppendCharacter(ReadOnlySpan<byte> character, ByteBuffer output)
    {
        if (!TryReplace(character, output))
        {
            output.Append(character);
        }
    }

    private bool TryReplace(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        if (!map.TryShortestPrefix(text, out var replacement))
        {
            return false;
        }

        output.Append(replacement);
        return true;
    }
}
