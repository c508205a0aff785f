using System.Text;
using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers.SentencePiece;

/// <summary>Text that comes id by id is the text that comes at once, cut anywhere, and never half a character.</summary>
public sealed class StreamedDecodingTests
{
    [Theory]
    [InlineData("llama_bpe")]
    [InlineData("t5_uni")]
    public void Whole_and_streamed_are_one(string model)
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path("fixtures", "tokenizers", model + ".model"));

        // Bytes, among them those of characters of several bytes, controls, the unknown id and pieces.
        var bytes = Gen.OneOf(Gen.Byte.Select(value => new[] { value }), Generators.AnyOf("é", "中", "😀", "\ufffd", "\0").Select(Encoding.UTF8.GetBytes)).Select(values => values.Select(value => tokenizer.PieceToId($"<0x{value:X2}>") ?? 0).ToArray());
        var any = Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, tokenizer.VocabularySize - 1]).Select(id => new[] { id });
        Gen.OneOf(bytes, any).Array[0, 12].Select(parts => parts.SelectMany(part => part).ToArray()).Sample(ids =>
        {
            var whole = tokenizer.Decode(ids);
            var (decoder, streamed) = (tokenizer.CreateDecoder(), new StringBuilder());
            for (var round = 0; round < 2; round++) // A decoder that has finished is as new.
            {
                streamed.Clear();
                foreach (var id in ids)
                {
                    decoder.Add(id, streamed);
                    Assert.StartsWith(streamed.ToString(), whole, StringComparison.Ordinal);
                    Assert.False(streamed.Length > 0 && char.IsHighSurrogate(streamed[^1]));
                }

                decoder.Finish(streamed);
                Assert.Equal(whole, streamed.ToString());
            }
        }, iter: 2000);
    }
}
