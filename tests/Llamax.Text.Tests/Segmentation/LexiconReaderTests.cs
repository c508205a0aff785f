using Llamax.Testing;
using Llamax.Text.Segmentation;

namespace Llamax.Text.Tests.Segmentation;

public sealed class LexiconReaderTests
{
    [Fact]
    public void Reads_a_word_a_line_up_to_a_tab() =>
        Assert.Equal(["แมว", "New York", "ปลา", "น้ำ"], Read("\uFEFFแมว\r\n\n  New York \nปลา\tfish\t7\n\t\nน้ำ \tx"u8.ToArray()));

    [Fact]
    public void What_is_no_lexicon_is_refused()
    {
        Assert.Contains("words.txt:3: this is not UTF-8", Refusal([.. "แมว\n\n"u8, 0xE9]), StringComparison.Ordinal);
        Assert.Contains("words.txt:2: a word of more than 512 characters", Refusal([.. "แมว\n"u8, .. new byte[600].Select(_ => (byte)'a')]), StringComparison.Ordinal);
        Assert.Contains("words.txt holds no word", Refusal([.. "\n \n"u8]), StringComparison.Ordinal);
        Assert.Contains("absent.txt cannot be read", Assert.Throws<LlamaxException>(() => LexiconReader.Read("absent.txt")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<LlamaxException>(() => LexiconReader.Read(Path.GetTempPath())).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Read(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("words.txt"), content);
        return LexiconReader.Read(folder.File("words.txt"));
    }

    private static string Refusal(byte[] content) => Assert.Throws<LlamaxException>(() => Read(content)).Message;
}
