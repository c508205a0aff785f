using System.Globalization;
using System.Text;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Training.Normalization;

namespace Llamax.Text.Tokenizers;

/// <summary>
/// Makes a SentencePiece model of a list of pieces with their scores, such as the <c>.vocab</c> file that is written beside
/// a model. <c>&lt;unk&gt;</c> is the unknown piece, <c>&lt;s&gt;</c>, <c>&lt;/s&gt;</c> and <c>&lt;pad&gt;</c> are control
/// symbols, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> bytes.
/// </summary>
public static class PieceListConverter
{
    private static readonly string[] Controls = ["<s>", "</s>", "<pad>"];

    /// <summary>Converts a list and writes the model.</summary>
    /// <param name="lines">One piece a line, in the order of ids: the piece, a tab, its score.</param>
    /// <param name="source">The list's name, for messages.</param>
    /// <param name="options">What the list does not say.</param>
    /// <param name="path">The <c>.model</c> file to write.</param>
    /// <exception cref="LlamaxException">A line is not sound, or the pieces make no model.</exception>
    public static SentencePieceTokenizer Convert(IEnumerable<string> lines, string source, PieceListOptions options, string path)
    {
        if (options.Type is not (null or "bpe" or "unigram"))
        {
            throw new LlamaxException($"There is no model type '{options.Type}'. Take bpe or unigram.");
        }

        var pieces = Read(lines, source);
        var isBpe = options.Type is { } type
            ? type == "bpe"
            : pieces.TrueForAll(piece => float.IsInteger(piece.Score));
        var model = new SentencePieceModel
        {
            Pieces = pieces,
            Type = isBpe ? ModelType.Bpe : ModelType.Unigram,
            ByteFallback = pieces.Exists(piece => piece.Type == PieceType.Byte),
            Normalizer = NormalizerChoice.Of(options.Normalizer, options.NormalizerFrom),
        };
        try
        {
            SentencePieceModelReader.Check(model);
            var tokenizer = new SentencePieceTokenizer(model);
            AtomicFile.Write(path, stream => SentencePieceModelWriter.Write(stream, model, TrainerSpec(model)));
            return tokenizer;
        }
        catch (InvalidDataException exception)
        {
            throw new LlamaxException($"{source} makes no model: {exception.Message}.", exception);
        }
    }

    /// <summary>The list of pieces with their scores, as spm_train's <c>.vocab</c> files are.</summary>
    internal static string ToText(IReadOnlyList<Piece> pieces)
    {
        var text = new StringBuilder();
        for (var id = 0; id < pieces.Count; id++)
        {
            text.Append(pieces[id].Text).Append('\t').Append(pieces[id].Score.ToString("G9", CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }

    private static List<Piece> Read(IEnumerable<string> lines, string source)
    {
        var pieces = new List<Piece>();
        var seen = new Dictionary<string, int>();
        foreach (var line in lines)
        {
            var place = $"{source}, line {pieces.Count + 1}";
            var tab = line.IndexOf('\t');
            var text = tab > 0 ? line[..tab] : "";
            if (text.Length == 0)
            {
                throw new LlamaxException($"{place}: '{line}' is no piece. Expected the piece, a tab, its score.");
            }

            if (!float.TryParse(line.AsSpan(tab + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) || !float.IsFinite(score))
            {
                throw new LlamaxException($"{place}: '{line[(tab + 1)..]}' is no score. Expected a number such as -12 or -7.25.");
            }

            if (!seen.TryAdd(text, pieces.Count + 1))
            {
                throw new LlamaxException($"{place}: the piece '{text}' is there already, in line {seen[text]}. Remove one of the two.");
            }

            pieces.Add(new Piece(text, score, TypeOf(text)));
        }

        return pieces;
    }

    private static PieceType TypeOf(string text) =>
        text == "<unk>" ? PieceType.Unknown
        : Controls.Contains(text) ? PieceType.Control
        : text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal)
            && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text == Piece.ForByte(value)
            ? PieceType.Byte
        : PieceType.Normal;

    /// <summary>The trainer_spec message; the field numbers are those of sentencepiece_model.proto.</summary>
    private static ProtobufWriter TrainerSpec(SentencePieceModel model)
    {
        var spec = new ProtobufWriter();
        spec.Field(3, (int)model.Type);
        spec.Field(4, model.Pieces.Count);
        spec.Field(35, model.ByteFallback);
        var texts = model.Pieces.Select(piece => piece.Text).ToList();
        foreach (var (field, text) in new[] { (40, "<unk>"), (41, "<s>"), (42, "</s>"), (43, "<pad>") })
        {
            spec.Field(field, texts.IndexOf(text));
        }

        return spec;
    }
}
