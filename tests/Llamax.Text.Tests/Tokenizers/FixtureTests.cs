using System.Text.Json;
using Llamax.Testing;
using Llamax.Text.Tokenizers;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>Ids and decodings that the SentencePiece library gave for toy models.</summary>
public sealed class FixtureTests
{
    [Theory]
    [InlineData("llama_bpe")]
    [InlineData("uni_nfkc")]
    [InlineData("t5_uni")]
    public void Ids_pieces_and_texts_are_those_of_the_library(string name)
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path("fixtures", "tokenizers", name + ".model"));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("fixtures", "tokenizers", "expected.json")));
        foreach (var row in expected.RootElement.GetProperty(name + "/sentencepiece").EnumerateArray())
        {
            var text = row.GetProperty("text").GetString()!;
            var ids = row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            Assert.Equal(ids, tokenizer.Encode(text));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            foreach (var (id, piece) in ids.Zip(row.GetProperty("pieces").EnumerateArray()).Where(pair => pair.First != tokenizer.UnknownId))
            {
                Assert.Equal(piece.GetString(), tokenizer.IdToPiece(id));
                Assert.Equal(id, tokenizer.PieceToId(piece.GetString()!));
            }
        }
    }

    [Fact]
    public void The_spm_tokenizer_of_the_metrics_fixtures_agrees()
    {
        var tokenizer = SentencePieceTokenizer.Load(Shared.Path("fixtures", "sacrebleu", "toy_spm.model"));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("fixtures", "sacrebleu", "spm_expected.json")));
        Assert.Equal(560, tokenizer.VocabularySize);
        Assert.Equal((1, 2, null, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
        foreach (var row in expected.RootElement.GetProperty("cases").EnumerateArray())
        {
            Assert.Equal(row[2].EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(row[0].GetString()!));
        }
    }
}
