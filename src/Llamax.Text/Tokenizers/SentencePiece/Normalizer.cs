using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// What SentencePiece does to a text before cutting it: replacements from the model's table, spaces taken away at the
/// ends and where doubled, a space put before the text, spaces written as ▁ (U+2581).
/// </summary>
internal sealed class Normalizer
{
    private readonly NormalizerSpec spec;
    private readonly bool spaceAsSuffix;
    private readonly CharacterMap? map;
    private readonly ByteTrie? userDefined;

    /// <summary>Prepares the normaliser.</summary>
    /// <param name="spec">What is to be done.</param>
    /// <param name="spaceAsSuffix">Whether the dummy space comes after the text.</param>
    /// <param name="userDefined">Strings that stay as they are; null for none.</param>
    /// <exception cref="InvalidDataException">The table of replacements is broken.</exception>
    public Normalizer(NormalizerSpec spec, bool spaceAsSuffix = false, ByteTrie? userDefined = null)
    {
        (this.spec, this.spaceAsSuffix, this.userDefined) = (spec, spaceAsSuffix, userDefined);
        map = spec.CharacterMap.Length > 0 ? new CharacterMap(spec.CharacterMap) : null;
        Space = spec.EscapeWhitespaces ? "▁"u8.ToArray() : " "u8.ToArray();
    }

    /// <summary>How a space is written.</summary>
    public byte[] Space { get; }

    /// <summary>Whether all it does to valid UTF-8 is a dummy space and ▁ for every space.</summary>
    public bool OnlyEscapes => map is null && spec.EscapeWhitespaces && !spec.RemoveExtraWhitespaces;

    /// <summary>Does all but writing spaces as ▁, where <see cref="OnlyEscapes"/>.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="output">Receives the result at its end.</param>
    public void NormalizeUnescaped(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        var dummy = spec.AddDummyPrefix && !text.IsEmpty ? " "u8 : default;
        output.Append(spaceAsSuffix ? default : dummy);
        output.Append(text);
        output.Append(spaceAsSuffix ? dummy : default);
    }

    /// <summary>Normalises a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="output">Receives the result at its end.</param>
    public void Normalize(ReadOnlySpan<byte> text, ByteBuffer output)
    {
        if (spec.RemoveExtraWhitespaces)
        {
            while (!text.IsEmpty && Prefix(text, out var length).SequenceEqual(" "u8))
            {
                text = text[length..];
            }
        }

        if (text.IsEmpty)
        {
            return;
        }

        var start = output.Length;
        if (spec.AddDummyPrefix && !spaceAsSuffix)
        {
            output.Append(Space);
        }

        var afterSpace = spec.RemoveExtraWhitespaces;
        while (!text.IsEmpty)
        {
            var part = Prefix(text, out var length);
            text = text[length..];
            part = afterSpace ? part.TrimStart((byte)' ') : part;
            if (!part.IsEmpty)
            {
                AppendEscaped(part, output);
                afterSpace = spec.RemoveExtraWhitespaces && part[^1] == ' ';
            }
        }

        if (spec.RemoveExtraWhitespaces)
        {
            while (output.Written[start..].EndsWith(Space))
            {
                output.Truncate(output.Length - Space.Length);
            }
        }

        if (spec.AddDummyPrefix && spaceAsSuffix)
        {
            output.Append(Space);
        }
    }

    private void AppendEscaped(ReadOnlySpan<byte> part, ByteBuffer output)
    {
        for (var space = part.IndexOf((byte)' '); space >= 0; space = part.IndexOf((byte)' '))
        {
            output.Append(part[..space]);
            output.Append(Space);
            part = part[(space + 1)..];
        }

        output.Append(part);
    }

    /// <summary>The normalised form of the shortest start of the text that has one, and that start's length.</summary>
    private ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> text, out int length)
    {
        length = userDefined?.LongestPrefix(text) ?? 0;
        if (length > 0)
        {
            return text[..length];
        }

        if (map is not null)
        {
            length = map.LongestPrefix(text, out var replacement);
            if (length > 0)
            {
                return replacement;
            }
        }

        if (Rune.DecodeFromUtf8(text, out _, out length) == System.Buffers.OperationStatus.Done)
        {
            return text[..length];
        }

        length = 1; // One replacement character for each byte that belongs to no character.
        return "\uFFFD"u8;
    }
}
