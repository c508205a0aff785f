using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Extending;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers;

/// <summary>Files that are no models, or broken ones, give one message that names the file.</summary>
public sealed class UnsoundModelTests
{
    [Fact]
    public void The_message_names_the_file_and_what_was_expected()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("tokenizer.model");
        File.WriteAllText(file, "{\"version\": 1}");
        var error = Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("spm_train", error.Message, StringComparison.Ordinal);
        Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.File("absent.model")));
        File.Delete(file);
        Assert.Contains("tokenizer.model", Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pieces_that_are_there_twice_or_missing_are_refused()
    {
        var trainer = new ProtobufWriter();
        trainer.Field(3, 2);
        Piece unknown = new("<unk>", 0, PieceType.Unknown), a = new("a", 0, PieceType.Normal);
        Assert.Contains("twice", Refusal(new() { Pieces = [unknown, a, a] }, trainer), StringComparison.Ordinal);
        Assert.Contains("unknown", Refusal(new() { Pieces = [a] }, trainer), StringComparison.Ordinal);
        Assert.Contains("byte", Refusal(new() { Pieces = [unknown, new("<0x00>", 0, PieceType.Byte)] }, trainer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "twice")]
    [InlineData(2, "twice")]
    [InlineData(1, "broken")]
    [InlineData(2, "broken")]
    public void A_broken_model_is_said_whatever_it_is_read_for(int type, string mistake)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("broken.model");
        var isTwin = mistake == "twice";
        var trainer = new ProtobufWriter();
        trainer.Field(3, type);
        using (var stream = File.Create(path))
        {
            // The user symbol makes the conversion look into the normaliser's table.
            SentencePieceModelWriter.Write(stream, new SentencePieceModel
            {
                Pieces = [new("<unk>", 0, PieceType.Unknown), new("+", 0, PieceType.UserDefined), new("a", -1, PieceType.Normal), new(isTwin ? "a" : "b", -2, PieceType.Normal)],
                Type = (ModelType)type,
                Normalizer = new() { CharacterMap = isTwin ? [] : [1, 2, 3, 4, 5, 6] },
            }, trainer);
        }

        var options = new BpeTrainerOptions { VocabularySize = 262 };
        foreach (var read in new Action[]
        {
            () => TokenizerJson.Convert(path, folder.File("tokenizer.json")),
            () => new BpeTrainer(options) { NormalizerFrom = path }.Train(["a b"], folder.File("x.model")),
            () => PieceListConverter.Convert(["<unk>\t0", "a\t-1"], "list", new PieceListOptions { Normalizer = "identity", NormalizerFrom = path }, folder.File("x.model")),
            () => SentencePieceTokenizer.Load(path),
        })
        {
            Assert.Contains(mistake, Assert.Throws<LlamaxException>(read).Message, StringComparison.Ordinal);
        }

        var extend = Assert.Throws<LlamaxException>(() => new VocabularyExtender(path, new ExtensionOptions { NewTokens = 1, MinimumCount = 1, AnyScript = true }).Extend(["abab"]));
        Assert.Contains(path, extend.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Scores_that_cannot_fall_are_said()
    {
        using var folder = new TemporaryFolder();
        var trainer = new ProtobufWriter();
        trainer.Field(3, 2);
        using (var stream = File.Create(folder.File("low.model")))
        {
            SentencePieceModelWriter.Write(stream, new() { Pieces = [new("<unk>", 0, PieceType.Unknown), new("a", float.MinValue, PieceType.Normal), new("b", 0, PieceType.Normal)] }, trainer);
        }

        var error = Assert.Throws<LlamaxException>(() =>
            new VocabularyExtender(folder.File("low.model"), new ExtensionOptions { NewTokens = 1, MinimumCount = 1, AnyScript = true }).Extend(["abab", "abab"]));
        Assert.Contains("no number below it", error.Message, StringComparison.Ordinal);
    }

    private static string Refusal(SentencePieceModel model, ProtobufWriter trainer)
    {
        var file = new MemoryStream();
        SentencePieceModelWriter.Write(file, model, trainer);
        return Assert.Throws<InvalidDataException>(() => Build(file.ToArray())).Message;
    }

    private static SentencePieceTokenizer Build(ReadOnlySpan<byte> content) => new(SentencePieceModelReader.Parse(content));
}
