using Llamax.Testing;
using Llamax.Text.Tokenizers;
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

    private static string Refusal(SentencePieceModel model, ProtobufWriter trainer)
    {
        var file = new MemoryStream();
        SentencePieceModelWriter.Write(file, model, trainer);
        return Assert.Throws<InvalidDataException>(() => Build(file.ToArray())).Message;
    }

    private static SentencePieceTokenizer Build(ReadOnlySpan<byte> content) => new(SentencePieceModelReader.Parse(content));
}
