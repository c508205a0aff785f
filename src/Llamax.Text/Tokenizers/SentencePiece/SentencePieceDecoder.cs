using System.Buffers;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// Ids back to text: ▁ becomes a space, the space that the normaliser put before the text goes, runs of byte pieces
/// become the characters that they spell, and every byte that spells none becomes U+FFFD.
/// </summary>
internal sealed class SentencePieceDecoder(DecodingTable table) : TokenDecoder
{
    private readonly List<byte> run = [];
    private readonly StringBuilder held = new(); // All text so far, where a denormaliser must see it whole.
    private bool hasText;
    private bool sawSpace;
    private bool pastStart;

    public override void Add(int id, StringBuilder text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)table.Pieces.Count, nameof(id));
        var output = table.Denormalizer is null ? text : held;
        if (table.Bytes[id] >= 0)
        {
            run.Add((byte)table.Bytes[id]);
            AppendRun(output, isEnd: false);
            return;
        }

        AppendRun(output, isEnd: true);
        pastStart |= sawSpace || hasText;
        sawSpace = false;
        var (type, rules) = (table.Types[id], table.Model.Normalizer);
        if (type == PieceType.Unknown)
        {
            Append(output, table.Model.UnknownSurface);
        }
        else if (type != PieceType.Control)
        {
            var strip = !pastStart && (rules.AddDummyPrefix || rules.RemoveExtraWhitespaces) && table.Pieces[id].Text[0] == '▁';
            Append(output, table.Surfaces[id].AsSpan(strip ? 1 : 0));
            sawSpace = strip && !rules.RemoveExtraWhitespaces; // Otherwise more leading spaces go, too.
        }
    }

    public override void Finish(StringBuilder text)
    {
        AppendRun(table.Denormalizer is null ? text : held, isEnd: true);
        if (table.Denormalizer is { } denormalizer)
        {
            var output = new ByteBuffer();
            denormalizer.Normalize(Encoding.UTF8.GetBytes(held.ToString()), output);
            text.Append(Encoding.UTF8.GetString(output.Written));
            held.Clear();
        }

        (hasText, sawSpace, pastStart) = (false, false, false);
    }

    private void Append(StringBuilder output, ReadOnlySpan<char> text)
    {
        output.Append(text);
        hasText |= text.Length > 0;
    }

    /// <summary>Appends the characters that the run spells; what may be the start of one stays, unless the run has ended.</summary>
    private void AppendRun(StringBuilder output, bool isEnd)
    {
        var rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(run);
        Span<char> character = stackalloc char[2];
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            if (status == OperationStatus.NeedMoreData && !isEnd)
            {
                break;
            }

            // An invalid byte is passed over alone: its successor may begin a character.
            Append(output, character[..rune.EncodeToUtf16(character)]);
            rest = rest[(status == OperationStatus.Done ? length : 1)..];
        }

        run.RemoveRange(0, run.Count - rest.Length);
    }
}
