using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers.HuggingFace.PreTokenizers;

/// <summary>When <c>Metaspace</c> puts a space before a piece.</summary>
internal enum PrependScheme
{
    /// <summary>Before every piece.</summary>
    Always,

    /// <summary>Before the piece at the start of the text.</summary>
    First,

    /// <summary>Before none.</summary>
    Never,
}

/// <summary><c>Metaspace</c>: writes spaces as ▁ (or another character), puts one before the piece, and cuts before each.</summary>
internal sealed class MetaspaceStep(byte[] replacement, PrependScheme scheme, bool split) : PieceStep
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> piece, bool isFirst, StepScratch scratch, PieceSink next)
    {
        var text = scratch.Text;
        text.Truncate(0);
        var prepend = scheme == PrependScheme.Always || (scheme == PrependScheme.First && isFirst);
        if (prepend && piece[0] != ' ' && !piece.StartsWith(replacement))
        {
            text.Append(replacement);
        }

        for (var space = piece.IndexOf((byte)' '); space >= 0; space = piece.IndexOf((byte)' '))
        {
            text.Append(piece[..space]);
            text.Append(replacement);
            piece = piece[(space + 1)..];
        }

        text.Append(piece);
        CutAndTake(text, isFirst, next);
    }

    private void CutAndTake(ByteBuffer text, bool isFirst, PieceSink next)
    {
        var rest = text.Written;
        var first = isFirst;
        while (split)
        {
            var character = rest.StartsWith(replacement) ? replacement.Length : 0;
            var cut = rest[character..].IndexOf(replacement);
            if (cut < 0)
            {
                break;
            }

            next.Take(rest[..(character + cut)], first);
            first &= character + cut == 0;
            rest = rest[(character + cut)..];
        }

        next.Take(rest, first);
    }
}
