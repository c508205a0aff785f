using System.Text;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>Text without spaces takes time in proportion to its length: counted in steps, which no other program disturbs.</summary>
public sealed class WorkTests
{
    private const int Short = 100_002; // Bytes; whole characters of one, two or three.
    private const int Long = 10_000_000;
    private const double MostGrowth = 1.2;

    [Theory]
    [InlineData("random letters")]
    [InlineData("one letter")]
    [InlineData("Cyrillic letters")]
    public void SentencePiece_bpe_does_the_same_for_each_byte_of_a_long_text(string text) =>
        AssertProportional(text, utf8 => SentencePieceWork("data/tokenizers/llama2_tokenizer.model", utf8, workspace => workspace.Merging.Work));

    [Theory]
    [InlineData("random letters")]
    [InlineData("one letter")]
    [InlineData("Chinese")]
    public void Unigram_does_the_same_for_each_byte_of_a_long_text(string text) =>
        AssertProportional(text, utf8 => SentencePieceWork("data/tokenizers/t5_spiece.model", utf8, workspace => workspace.Paths.Work));

    [Theory]
    [InlineData("random letters")]
    [InlineData("one letter")]
    [InlineData("Chinese")]
    public void Byte_level_bpe_does_the_same_for_each_byte_of_a_long_text(string text)
    {
        var path = Shared.Path("data/tokenizers/llama3_tokenizer.model");
        var ranks = new TiktokenRanks(File.ReadAllBytes(path), path);
        var vocabulary = ranks.Vocabulary(TiktokenEncoding.Llama3.Special(ranks.Count));
        var encoder = new ByteLevelEncoder(vocabulary, ranks.Merges(vocabulary), wholeWordsFirst: true);
        AssertProportional(text, utf8 =>
        {
            var workspace = new ByteLevelWorkspace();
            SplitPattern.Llama3.Split(utf8, workspace.Pieces);
            encoder.Encode(utf8, workspace.Pieces, new TokenBuffer(), workspace);
            return workspace.Batch.Work + workspace.Merges.Work;
        });
    }

    private static void AssertProportional(string name, Func<byte[], long> work)
    {
        var text = Text(name);
        var (ofShort, ofLong) = ((double)work(text[..Short]) / Short, (double)work(text) / text.Length);
        Assert.True(ofShort > 0, "nothing was counted");
        Assert.InRange(ofLong, 0, MostGrowth * ofShort);
    }

    private static long SentencePieceWork(string file, byte[] utf8, Func<EncoderWorkspace, long> work)
    {
        var model = SentencePieceModelReader.Read(Shared.Path(file));
        var pieces = new PieceTable(model.Pieces);
        var unknown = new UnknownIds(model, pieces);
        var encoder = model.Type == ModelType.Bpe
            ? (IIdEncoder)BpeEncoder.Create(pieces, userDefined: null, unknown, model.Normalizer) : new UnigramEncoder(pieces, unknown);
        var workspace = new EncoderWorkspace();
        new Normalizer(model.Normalizer).Normalize(utf8, workspace.Normalized);
        encoder.Encode(workspace, new TokenBuffer());
        return work(workspace);
    }

    private static byte[] Text(string name)
    {
        // Any characters of a block: hardly anything comes again, so that little work is saved by what is remembered.
        var random = new RandomStream(1, name);
        var (first, count, bytes) = name switch
        {
            "one letter" => ('a', 1, 1),
            "random letters" => ('a', 26, 1),
            "Cyrillic letters" => ('а', 32, 2),
            "Chinese" => ('一', 3_000, 3),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        return Encoding.UTF8.GetBytes(string.Create(Long / bytes, random, (text, draws) =>
        {
            foreach (ref var character in text)
            {
                character = (char)(first + draws.Next(count));
            }
        }));
    }
}
