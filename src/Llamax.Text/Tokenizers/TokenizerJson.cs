using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Llamax.Text.Files;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tokenizers;

/// <summary>
/// Writes a SentencePiece model as the <c>tokenizer.json</c> of Hugging Face's tokenizers library. A BPE's merges are all
/// the ways to put a piece together from two, by rank; that format gives each a rank of its own, so where the same piece
/// can be made in two overlapping ways, or two pieces have the same score, the library may, rarely, cut otherwise than
/// SentencePiece. User symbols become added tokens. docs/tokenizers.md lists what else differs.
/// </summary>
public static class TokenizerJson
{
    // In characters; the longest that SentencePiece itself trains. Time and size of the merges grow with its square.
    private const int LongestPiece = 512;

    /// <summary>Converts a model file.</summary>
    /// <param name="model">The SentencePiece <c>.model</c> file.</param>
    /// <param name="path">The <c>tokenizer.json</c> to write.</param>
    /// <exception cref="LlamaxException">The model cannot be read, or has what the format cannot express.</exception>
    public static void Convert(string model, string path)
    {
        var content = SentencePieceModelReader.Read(model);
        if (content.Type is not (ModelType.Bpe or ModelType.Unigram) || content.TreatWhitespaceAsSuffix || !content.Normalizer.EscapeWhitespaces)
        {
            throw new LlamaxException(
                $"{model} cannot be written as tokenizer.json: that format knows BPE and unigram models whose spaces are escaped and begin a word.");
        }

        if (content.Pieces.Where(piece => piece.Type == PieceType.Unused).Select(piece => piece.Text).FirstOrDefault() is { } unused)
        {
            throw new LlamaxException($"{model} cannot be written as tokenizer.json: its piece '{unused}' is marked as unused, which that format cannot say.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (content.Pieces.FirstOrDefault(piece => !seen.Add(piece.Text)) is { Text: { } twice })
        {
            throw new LlamaxException(
                $"{model} cannot be written as tokenizer.json: '{twice}' is a piece and a reserved one, and that format has but one token of a name.");
        }

        if (content.Type == ModelType.Bpe
            && content.Pieces.FirstOrDefault(piece => piece.Type == PieceType.Normal && IsLong(piece.Text)) is { Text: { } tooLong })
        {
            throw new LlamaxException(
                $"{model} cannot be written as tokenizer.json: its piece '{tooLong[..20]}…' has more than {LongestPiece} characters, "
                + "and that format lists every way to put a piece together. Use the .model.");
        }

        if (content.Type == ModelType.Bpe && MadeOfNoPieces(content) is { } piece)
        {
            throw new LlamaxException(
                $"{model} cannot be written as tokenizer.json: its piece '{piece}' is put together from a character that is no piece itself, "
                + "which SentencePiece does and that format cannot say. Use the .model.");
        }

        AtomicFile.Write(path, stream => Write(stream, content));
    }

    /// <summary>
    /// A piece that SentencePiece can merge from a single character without a piece of its own, as vocabularies have that
    /// were extended: Hugging Face's library makes bytes of such a character before it merges anything. Null for none.
    /// </summary>
    private static string? MadeOfNoPieces(SentencePieceModel model)
    {
        var known = model.Pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Text).ToHashSet(StringComparer.Ordinal);
        var found = known.GetAlternateLookup<ReadOnlySpan<char>>();
        return known.FirstOrDefault(piece =>
        {
            for (var at = 1; at < piece.Length; at++)
            {
                var left = piece.AsSpan(0, at);
                var right = piece.AsSpan(at);
                var (leftIsPiece, rightIsPiece) = (found.Contains(left), found.Contains(right));
                if (!(leftIsPiece && rightIsPiece) && (leftIsPiece || IsCharacter(left)) && (rightIsPiece || IsCharacter(right)))
                {
                    return true;
                }
            }

            return false;
        });

        static bool IsCharacter(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out _, out var length) == OperationStatus.Done && length == text.Length;
    }

    private static bool IsLong(string piece) => piece.Length > LongestPiece && piece.EnumerateRunes().Count() > LongestPiece;

    internal static void Write(Stream target, SentencePieceModel model)
    {
        using var json = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true });
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        AddedTokens(json, model);
        WriteNormalizer(json, model.Normalizer);
        PreTokenizer(json, model);
        PostProcessor(json, model);
        Decoder(json, model.Normalizer);
        if (model.Type == ModelType.Bpe)
        {
            Bpe(json, model);
        }
        else
        {
            Unigram(json, model);
        }

        json.WriteEndObject();
    }

    private static void AddedTokens(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartArray("added_tokens");
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var piece = model.Pieces[id];
            if (piece.Type is PieceType.Unknown or PieceType.Control or PieceType.UserDefined)
            {
                json.WriteStartObject();
                json.WriteNumber("id", id);
                json.WriteString("content", piece.Text);
                foreach (var flag in new[] { "single_word", "lstrip", "rstrip" })
                {
                    json.WriteBoolean(flag, false);
                }

                // Found after normalisation, a user symbol does not end the text whose spaces at the ends are dropped.
                json.WriteBoolean("normalized", piece.Type == PieceType.UserDefined && IsFixed(piece.Text, model.Normalizer));
                json.WriteBoolean("special", piece.Type != PieceType.UserDefined);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static bool IsFixed(string symbol, NormalizerSpec spec)
    {
        var normalized = new ByteBuffer();
        new Normalizer(spec with { AddDummyPrefix = false, EscapeWhitespaces = false }).Normalize(Encoding.UTF8.GetBytes(symbol), normalized);
        return Encoding.UTF8.GetString(normalized.Written) == symbol;
    }

    private static void WriteNormalizer(Utf8JsonWriter json, NormalizerSpec spec)
    {
        if (spec is { CharacterMap.Length: 0, RemoveExtraWhitespaces: false, AddDummyPrefix: false })
        {
            json.WriteNull("normalizer");
            return;
        }

        json.WriteStartObject("normalizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("normalizers");
        if (spec.CharacterMap.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "Precompiled");
            json.WriteBase64String("precompiled_charsmap", spec.CharacterMap);
            json.WriteEndObject();
        }

        if (spec.RemoveExtraWhitespaces)
        {
            // A space at the start stays where one belongs there anyway: Metaspace sees it and adds none.
            Replace(json, "Regex", spec.AddDummyPrefix ? @" +\z" : @"\A +| +\z", "");
            Replace(json, "Regex", " {2,}", " ");
        }
        else if (spec.AddDummyPrefix)
        {
            Replace(json, "String", " ", "▁");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Replace(Utf8JsonWriter json, string kind, string pattern, string content)
    {
        json.WriteStartObject();
        json.WriteString("type", "Replace");
        json.WriteStartObject("pattern");
        json.WriteString(kind, pattern);
        json.WriteEndObject();
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    /// <summary>
    /// Metaspace puts no space before a text that begins with its replacement, SentencePiece does. So a first one with the
    /// plain space for its replacement adds the prefix (the normaliser has written spaces that must not hinder it as ▁
    /// already), and a second one writes ▁ and cuts.
    /// </summary>
    private static void PreTokenizer(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        if (model.Normalizer.AddDummyPrefix)
        {
            Metaspace(json, " ", "first", split: false);
        }

        Metaspace(json, "▁", "never", split: !model.Pieces.Any(piece => piece.Type == PieceType.Normal && piece.Text.LastIndexOf('▁') > 0));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Metaspace(Utf8JsonWriter json, string replacement, string prependScheme, bool split)
    {
        json.WriteStartObject();
        json.WriteString("type", "Metaspace");
        json.WriteString("replacement", replacement);
        json.WriteString("prepend_scheme", prependScheme);
        json.WriteBoolean("split", split);
        json.WriteEndObject();
    }

    private static void PostProcessor(Utf8JsonWriter json, SentencePieceModel model)
    {
        var bos = model.Pieces.ToList().FindIndex(piece => piece.Type == PieceType.Control && piece.Text == model.BosPiece);
        if (bos < 0)
        {
            json.WriteNull("post_processor");
            return;
        }

        // As llamax itself frames a text: one BOS before it, before each of a pair.
        json.WritePropertyName("post_processor");
        var token = JsonEncodedText.Encode(model.BosPiece, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        json.WriteRawValue($$$"""
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "{{{token}}}", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"SpecialToken": {"id": "{{{token}}}", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "{{{token}}}", "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {"{{{token}}}": {"id": "{{{token}}}", "ids": [{{{bos}}}], "tokens": ["{{{token}}}"]} } }
            """);
    }

    private static void Decoder(Utf8JsonWriter json, NormalizerSpec spec)
    {
        json.WritePropertyName("decoder");
        var strip = spec.AddDummyPrefix ? """, {"type": "Strip", "content": " ", "start": 1, "stop": 0}""" : "";
        json.WriteRawValue($$"""
            {"type": "Sequence", "decoders": [
              {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}{{strip}}]}
            """);
    }

    private static void Bpe(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteString("unk_token", model.Pieces.First(piece => piece.Type == PieceType.Unknown).Text);
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", true);
        json.WriteBoolean("byte_fallback", model.ByteFallback);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            json.WriteNumber(model.Pieces[id].Text, id);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        var merged = model.Pieces.Select((piece, id) => (piece, id)).Where(entry => entry.piece.Type == PieceType.Normal).ToList();
        var ids = merged.ToDictionary(entry => entry.piece.Text, entry => entry.id);
        var halves = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (piece, _) in merged.OrderByDescending(entry => entry.piece.Score))
        {
            var text = piece.Text;
            var ways = new List<(int Left, int Right, int At)>();
            for (var at = 1; at < text.Length; at++)
            {
                if (halves.TryGetValue(text.AsSpan(0, at), out var left) && halves.TryGetValue(text.AsSpan(at), out var right))
                {
                    ways.Add((left, right, at));
                }
            }

            foreach (var (_, _, at) in ways.Order())
            {
                json.WriteStartArray();
                json.WriteStringValue(text.AsSpan(0, at));
                json.WriteStringValue(text.AsSpan(at));
                json.WriteEndArray();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Unigram(Utf8JsonWriter json, SentencePieceModel model)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "Unigram");
        json.WriteNumber("unk_id", model.Pieces.ToList().FindIndex(piece => piece.Type == PieceType.Unknown));
        json.WriteBoolean("byte_fallback", model.ByteFallback);
        json.WriteStartArray("vocab");
        foreach (var piece in model.Pieces)
        {
            json.WriteStartArray();
            json.WriteStringValue(piece.Text);
            json.WriteNumberValue((double)piece.Score);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
