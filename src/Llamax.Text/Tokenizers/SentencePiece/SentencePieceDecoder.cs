using System.Buffers;
using System.Globalization;
using System.Text;

namespace Llamax.Text.Tokenizers.SentencePiece;

/// <summary>
/// Ids back to text: ▁ becomes a space, the space that the normaliser put before the text goes, runs of byte pieces
/// become the characters that they spell, and every byte that spells none becomes U+FFFD.
/// </summary>
internal sealed class SentencePieceDecoder
{
    private readonly SentencePieceModel model;
    private readonly PieceTable pieces;
    private readonly Normalizer? denormalizer;
    private readonly int[] bytes;
    private readonly string[] surfaces;

    public SentencePieceDecoder(SentencePieceModel model, PieceTable pieces)
    {
        (this.model, this.pieces) = (model, pieces);
        denormalizer = model.Denormalizer is { CharacterMap.Length: > 0 } spec ? new Normalizer(spec) : null;
        surfaces = [.. model.Pieces.Select(piece => piece.Text.Replace('▁', ' '))];
        bytes = [.. model.Pieces.Select(piece => piece.Type == PieceType.Byte
            ? int.Parse(piece.Text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : -1)];
    }

    public string Decode(ReadOnlySpan<int> ids)
    {
        var strips = model.Normalizer.AddDummyPrefix || model.Normalizer.RemoveExtraWhitespaces;
        var text = new StringBuilder();
        var run = new List<byte>();
        var (atStart, sawSpace) = (true, false);
        foreach (var id in ids)
        {
            if (bytes[id] >= 0)
            {
                run.Add((byte)bytes[id]);
                continue;
            }

            AppendRun(run, text);
            atStart &= !sawSpace && text.Length == 0;
            sawSpace = false;
            var piece = pieces[id];
            if (piece.Type == PieceType.Unknown)
            {
                text.Append(model.UnknownSurface);
            }
            else if (piece.Type != PieceType.Control)
            {
                var strip = atStart && strips && piece.Text[0] == '▁';
                text.Append(surfaces[id].AsSpan(strip ? 1 : 0));
                sawSpace = strip && !model.Normalizer.RemoveExtraWhitespaces; // Otherwise more leading spaces go, too.
            }
        }

        AppendRun(run, text);
        return denormalizer is null ? text.ToString() : Denormalize(text.ToString());
    }

    private static void AppendRun(List<byte> run, StringBuilder text)
    {
        var rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(run);
        while (!rest.IsEmpty)
        {
            // An invalid byte is passed over alone: its successor may begin a character.
            var valid = Rune.DecodeFromUtf8(rest, out var rune, out var length) == OperationStatus.Done;
            text.Append(rune.ToString());
            rest = rest[(valid ? length : 1)..];
        }

        run.Clear();
    }

    private string Denormalize(string text)
    {
        var output = new ByteBuffer();
        denormalizer!.Normalize(Encoding.UTF8.GetBytes(text), output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
