using System.Text;
using Llamax.Text.Prompts;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Prompts;

public class PromptEncoderTests
{
    [Fact]
    public void Prompt_begins_with_one_bos()
    {
        var template = PromptTemplate.Parse("=== instruction\n{instruction}{response}\n=== instruction and input\n{instruction}{input}{response}", "x");
        Assert.Equal([1, 'a', 'b'], PromptEncoder.Encode(template, "a", "b", new CharacterTokenizer()));
        Assert.Equal([1, 'a'], PromptEncoder.Encode(template, "\u0001a", "", new CharacterTokenizer()));
        Assert.Equal([1], PromptEncoder.EncodeText("", new CharacterTokenizer()));
    }

    [Fact]
    public void Example_is_prompt_response_and_eos()
    {
        var tokenizer = new CharacterTokenizer();
        var prompt = PromptEncoder.EncodeText("ab", tokenizer);
        Assert.Equal([1, 'a', 'b', 'c', 2], PromptEncoder.Complete(prompt, "c", tokenizer));
    }

    /// <summary>Ids are UTF-16 code units; 1 and 2 are BOS and EOS, which text can write too.</summary>
    private sealed class CharacterTokenizer : Tokenizer
    {
        public override int VocabularySize => 65536;

        public override int? BosId => 1;

        public override int? EosId => 2;

        public override int? PadId => null;

        public override int? UnknownId => null;

        public override TokenDecoder CreateDecoder() => throw new NotSupportedException();

        public override string IdToPiece(int id) => ((char)id).ToString();

        public override int? PieceToId(string piece) => piece[0];

        protected override void EncodeUtf8(ReadOnlySpan<byte> utf8, TokenBuffer ids, SpecialTokens special)
        {
            foreach (var c in Encoding.UTF8.GetString(utf8))
            {
                ids.Add(c);
            }
        }
    }
}
