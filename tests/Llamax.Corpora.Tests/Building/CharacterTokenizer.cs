using System.Text;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Tests.Building;

/// <summary>
/// A tokenizer whose ids can be read: each character is a token. With <c>glueSpaces</c>, a space and the character behind
/// it are one token, as in LLaMA-3; without, a space is a token of its own.
/// </summary>
internal sealed class CharacterTokenizer(bool glueSpaces = false, bool hasMarks = true) : Tokenizer
{
    private const int First = 3;
    private const int Glued = 0x10000;

    public override int VocabularySize => First + (2 * Glued);

    public override int? BosId => hasMarks ? 1 : null;

    public override int? EosId => hasMarks ? 2 : null;

    public override int? PadId => null;

    public override int? UnknownId => 0;

    public override TokenDecoder CreateDecoder() => new Decoder(this);

    public override string IdToPiece(int id) => id switch
    {
        < First => "",
        >= First + Glued => " " + (char)(id - First - Glued),
        _ => ((char)(id - First)).ToString(),
    };

    public override int? PieceToId(string piece) => throw new NotSupportedException();

    protected override void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special)
    {
        var text = Encoding.UTF8.GetString(utf8);
        for (var i = 0; i < text.Length; i++)
        {
            var glued = glueSpaces && text[i] == ' ' && i + 1 < text.Length;
            ids.Add(First + (glued ? Glued + text[++i] : text[i]));
        }
    }

    private sealed class Decoder(CharacterTokenizer tokenizer) : TokenDecoder
    {
        public override void Add(int id, StringBuilder text) => text.Append(tokenizer.IdToPiece(id));

        public override void Finish(StringBuilder text)
        {
        }
    }
}
