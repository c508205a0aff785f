using System.Text;
using CsCheck;
using Llamax.Corpora.Readers;
using Llamax.Testing;

namespace Llamax.Corpora.Tests.Readers;

public sealed class ReaderTests
{
    /// <summary>The reference is the runtime's own line reader, for text whose line ends are all <c>\n</c>.</summary>
    [Fact]
    public void Lines_are_those_of_the_runtimes_reader() => Gen.Select(Gen.Char["abcé中\n"].Array[0, 300].Select(c => new string(c)), Gen.Int[1, 400]).Sample(
        (text, repeat) =>
        {
            using var temporary = new TemporaryFolder();
            var whole = string.Concat(Enumerable.Repeat(text, repeat));
            File.WriteAllText(temporary.File("a.txt"), whole);
            var expected = new List<string>();
            using var reader = new StringReader(whole);
            while (reader.ReadLine() is { } line)
            {
                expected.Add(line);
            }

            Assert.Equal(expected, LineReader.Read(TextFile.FindOne(temporary.File("a.txt"))));
        }, iter: 50);

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_are_left_out()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.File("a.txt"), [0xEF, 0xBB, 0xBF, .. "eins\r\nzwei\r\n\r\ndrei\r"u8]);
        Assert.Equal(["eins", "zwei", "", "drei"], LineReader.Read(TextFile.FindOne(temporary.File("a.txt"))));
    }

    [Fact]
    public void Text_that_is_no_utf8_is_named_by_line()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllBytes(temporary.File("a.txt"), [.. "good\nd"u8, 0xE9, .. "j\n"u8]);
        var message = Assert.Throws<LlamaxException>(() => LineReader.Read(TextFile.FindOne(temporary.File("a.txt"))).Count()).Message;
        Assert.Contains("a.txt, line 2: byte 2 is no UTF-8", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"input\": \"\", \"output\": \"x\"}]", "entry 1: \"instruction\" is missing")]
    [InlineData("[{\"instruction\": \"a\", \"output\": \"b\"}, {\"instruction\": \"x\"}]", "entry 2: \"output\" is missing")]
    public void An_instruction_needs_its_parts(string content, string expected)
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("a.json"), content);
        Assert.Contains(expected, Assert.Throws<LlamaxException>(
            () => InstructionReader.Read(TextFile.FindOne(temporary.File("a.json"))).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_before_instructions_is_left_out()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File("a.json"), "\uFEFF[{\"instruction\": \"a\", \"output\": \"b\"}]");
        Assert.Equal([new InstructionExample("a", "", "b")], InstructionReader.Read(TextFile.FindOne(temporary.File("a.json"))));
    }

    [Fact]
    public void The_real_alpaca_file_is_read() =>
        Assert.Equal(5000, InstructionReader.Read(TextFile.FindOne(Shared.Path("data", "alpaca", "alpaca_5000.json"))).Count());
}
