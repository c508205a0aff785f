using System.Runtime.InteropServices;
using System.Text;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers;

/// <summary>
/// A SentencePiece model (BPE, unigram, word or char), with the same ids and texts as the SentencePiece library: byte fallback,
/// user-defined symbols, normalisation tables and whitespace rules included.
/// </summary>
public sealed class SentencePieceTokenizer : Tokenizer
{
    private readonly SentencePieceModel model;
    private readonly PieceTable pieces;
    private readonly Normalizer normalizer;
    private readonly IPieceEncoder encoder;
    private readonly DecodingTable decoding;
    private readonly UnknownIds unknown;
    private readonly SequenceFrame frame;
    private readonly WorkspacePool<EncoderWorkspace> workspaces = new(() => new EncoderWorkspace());

    /// <summary>Prepares the tokenizer of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="addBos">Whether BOS belongs before a text, where there is one.</param>
    /// <param name="addEos">Whether EOS belongs after a text, where there is one.</param>
    /// <exception cref="InvalidDataException">The model is not sound.</exception>
    internal SentencePieceTokenizer(SentencePieceModel model, bool addBos = true, bool addEos = false)
    {
        this.model = model;
        pieces = new PieceTable(model.Pieces);
        var userDefined = Enumerable.Range(0, pieces.Count).Where(id => pieces[id].Type == PieceType.UserDefined).ToArray();
        var frozen = userDefined.Length > 0 ? new ByteTrie(userDefined, pieces.Utf8) : null;
        normalizer = new Normalizer(model.Normalizer, model.TreatWhitespaceAsSuffix, frozen);
        unknown = new UnknownIds(model, pieces);
        encoder = model.Type switch
        {
            ModelType.Bpe => BpeEncoder.Create(pieces, frozen, unknown, model.Normalizer),
            ModelType.Word => new WordEncoder(pieces),
            ModelType.Character => new CharacterEncoder(pieces, frozen),
            _ => new UnigramEncoder(pieces, unknown),
        };
        decoding = new DecodingTable(model, pieces);
        frame = new SequenceFrame(addBos && BosId is { } bos ? [bos] : [], addEos && EosId is { } eos ? [eos] : []);
    }

    /// <inheritdoc/>
    public override int VocabularySize => pieces.Count;

    /// <inheritdoc/>
    public override int? BosId => Control(model.BosPiece);

    /// <inheritdoc/>
    public override int? EosId => Control(model.EosPiece);

    /// <inheritdoc/>
    public override int? PadId => Control(model.PadPiece);

    /// <inheritdoc/>
    public override int? UnknownId => model.ByteFallback ? null : pieces.UnknownId;

    /// <summary>Reads a <c>.model</c> file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LlamaxException">The file is not there or not a sound model.</exception>
    public static SentencePieceTokenizer Load(string path) =>
        SentencePieceModelReader.Read(path, model => new SentencePieceTokenizer(model));

    /// <inheritdoc/>
    /// <remarks>A run of characters that the vocabulary lacks is a piece of its own, in its normalised form.</remarks>
    public override List<string> EncodePieces(ReadOnlySpan<byte> utf8, SpecialTokens special = SpecialTokens.Parse)
    {
        var workspace = Normalize(utf8);
        encoder.Encode(workspace);
        JoinUnknown(workspace.Segments);
        var result = new List<string>(workspace.Segments.Count);
        foreach (var segment in workspace.Segments)
        {
            var surface = workspace.Normalized.Written.Slice(segment.Start, segment.Length);
            if (segment.Id == pieces.UnknownId && unknown.AreBytes)
            {
                foreach (var value in surface)
                {
                    result.Add(Piece.ForByte(value));
                }
            }
            else
            {
                result.Add(Encoding.UTF8.GetString(surface));
            }
        }

        Keep(workspace);
        return result;
    }

    /// <inheritdoc/>
    public override SequenceFrame Frame(string? language = null) => frame;

    /// <inheritdoc/>
    public override TokenDecoder CreateDecoder() => new SentencePieceDecoder(decoding);

    /// <inheritdoc/>
    public override string IdToPiece(int id) => pieces[id].Text;

    /// <inheritdoc/>
    public override int? PieceToId(string piece) => pieces.Find(piece);

    /// <inheritdoc/>
    protected override void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special)
    {
        var start = ids.Count;
        EncoderWorkspace workspace;
        if (encoder is IIdEncoder direct)
        {
            workspace = Normalize(utf8, direct.ReadsSpaces);
            direct.Encode(workspace, ids);
        }
        else
        {
            workspace = Normalize(utf8);
            encoder.Encode(workspace);
            foreach (var segment in workspace.Segments)
            {
                unknown.Append(segment.Id, workspace.Normalized.Written.Slice(segment.Start, segment.Length), ids);
            }
        }

        unknown.Join(ids, start);
        Keep(workspace);
    }

    private EncoderWorkspace Normalize(ReadOnlySpan<byte> utf8, bool withSpaces = false)
    {
        var workspace = workspaces.Rent();
        workspace.Clear();
        if (withSpaces && normalizer.OnlyEscapes && System.Text.Unicode.Utf8.IsValid(utf8))
        {
            normalizer.NormalizeUnescaped(utf8, workspace.Normalized);
        }
        else
        {
            normalizer.Normalize(utf8, workspace.Normalized);
        }

        return workspace;
    }

    /// <summary>Makes one segment of each run of unknown ones.</summary>
    private void JoinUnknown(List<Segment> segments)
    {
        var count = 0;
        foreach (var segment in CollectionsMarshal.AsSpan(segments))
        {
            if (count > 0 && segment.Id == pieces.UnknownId && segments[count - 1].Id == pieces.UnknownId)
            {
                segments[count - 1] = segments[count - 1] with { Length = segments[count - 1].Length + segment.Length };
            }
            else
            {
                segments[count++] = segment;
            }
        }

        segments.RemoveRange(count, segments.Count - count);
    }

    // One giant text must not hold its memory for ever.
    private void Keep(EncoderWorkspace workspace) => workspaces.Return(workspace.IsSmall ? workspace : workspace.Small());

    private int? Control(string piece) =>
        pieces.Find(piece) is { } id && pieces[id].Type == PieceType.Control ? id : null;
}
