using System.Text;
using System.Text.Json;
using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tests.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Text.Tests.Tokenizers.Tiktoken;

public sealed class TiktokenFileTests
{
    private static readonly Lazy<ByteLevelTokenizer> Llama3 = new(() => TiktokenFile.Load(Shared.Path("data", "tokenizers", "llama3_tokenizer.model")));

    private static string[] Bytes => [.. Enumerable.Range(0, 256).Select(value => Line([(byte)value], value))];

    [Fact]
    public void Llama3_s_ids_and_texts_are_those_of_the_original()
    {
        foreach (var (text, ids) in GgufCases.Of("llama-bpe"))
        {
            Assert.Equal(ids, Llama3.Value.Encode(text));
            Assert.Equal(text, Llama3.Value.Decode(ids));
        }
    }

    [Fact]
    public void Llama3_s_frame_is_that_of_the_original()
    {
        var tokenizer = Llama3.Value;
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("data", "tokenizers", "llama3_expected.json")));
        var row = Assert.Single(expected.RootElement.EnumerateArray().ToArray());
        Assert.Equal(
            row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            [.. tokenizer.Frame().Prefix, .. tokenizer.Encode(row.GetProperty("text").GetString()!), tokenizer.EosId!.Value]);
        Assert.Equal(128_256, tokenizer.VocabularySize);
        Assert.Equal((128_000, 128_001, null, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
        Assert.Empty(tokenizer.Frame().Suffix);
    }

    [Fact]
    public void Special_tokens_are_found_in_text_unless_they_are_text()
    {
        var tokenizer = Llama3.Value;
        const string text = "a<|eot_id|><|eot_id<|reserved_special_token_245|>";
        Assert.Equal([64, 128_009, 27, 91, 68, 354, 851, 128_250], tokenizer.Encode(text));
        Assert.Equal("a<|eot_id", tokenizer.Decode(tokenizer.Encode(text)));
        var ids = tokenizer.Encode(text, SpecialTokens.Text);
        Assert.DoesNotContain(ids, id => id >= 128_000);
        Assert.Equal(text, tokenizer.Decode(ids));
        Assert.Equal("<|eot_id|>", tokenizer.IdToPiece(128_009));
        Assert.Equal(128_009, tokenizer.PieceToId("<|eot_id|>"));
        Assert.Equal("Ġthe", tokenizer.IdToPiece(279));
        Assert.Equal(279, tokenizer.PieceToId("Ġthe"));
        Assert.Null(tokenizer.PieceToId(" the"));
        Assert.Null(tokenizer.PieceToId("ĠĠthe"));
    }

    [Fact]
    public void Invalid_UTF8_reads_as_replacement_characters()
    {
        byte[] text = [(byte)'a', 0xC3, (byte)'b', 0xE4, 0xB8, 0xFF, 0xED, 0xA0, 0x80, 0xF0, 0x9F, 0x98];
        var ids = new List<int>();
        Llama3.Value.Encode(text, ids);
        Assert.Equal(Llama3.Value.Encode("a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"), ids);
    }

    [Fact]
    public void Any_text_survives_the_round_trip_whole_or_streamed()
    {
        AnyText.Gen.Sample(
            text =>
            {
                var ids = Llama3.Value.Encode(text, SpecialTokens.Text);
                Assert.Equal(text, Llama3.Value.Decode(ids));
                var (decoder, streamed) = (Llama3.Value.CreateDecoder(), new StringBuilder());
                foreach (var id in ids)
                {
                    decoder.Add(id, streamed);
                    Assert.StartsWith(streamed.ToString(), text, StringComparison.Ordinal);
                    Assert.False(streamed.Length > 0 && char.IsHighSurrogate(streamed[^1]));
                }
            },
            iter: 3000);
    }

    [Fact]
    public void Any_ids_decode_as_a_lossy_conversion_of_their_bytes()
    {
        var tokenizer = TiktokenFile.Parse(Encoding.ASCII.GetBytes(string.Join('\n', Bytes)), "bytes", TiktokenEncoding.Gpt2);
        Gen.Byte.Array[0, 12].Sample(bytes => Assert.Equal(Encoding.UTF8.GetString(bytes), tokenizer.Decode([.. bytes.Select(value => (int)value)])), iter: 20_000);
        Assert.Equal("a\uFFFDb\uFFFD", tokenizer.Decode([97, 0xE4, 0xB8, 98, 0xF0]));
        Assert.Equal("ä", tokenizer.Decode([0xC3, 256, 0xA4])); // The special token between them says nothing.
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([257]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.IdToPiece(-1));
    }

    [Fact]
    public void What_is_no_rank_file_is_refused_with_file_and_line()
    {
        Assert.Contains("ranks.txt, line 3 is not", Refusal("IQ== 0\nIg== 1\n??? 2"), StringComparison.Ordinal);
        Assert.Contains("ranks.txt, line 2 is not", Refusal("IQ== 0\nIg== x"), StringComparison.Ordinal);
        Assert.Contains("ranks.txt, line 2 is not", Refusal("IQ== 0\nIg==1"), StringComparison.Ordinal);
        Assert.Contains("ranks.txt, line 1 is not", Refusal("{\"version\": 1}"), StringComparison.Ordinal);
        Assert.Contains("ranks.txt, line 2 has the rank 0", Refusal("IQ== 0\nIg== 0"), StringComparison.Ordinal);
        Assert.Contains("line 2 has the rank 9", Refusal("IQ== 0\nIg== 9"), StringComparison.Ordinal);
        Assert.Contains("no token of rank 1", Refusal("IQ== 0\nIg== 2\n\n"), StringComparison.Ordinal);
        Assert.Contains("no token of rank 0", Refusal(""), StringComparison.Ordinal);
        Assert.Contains("the byte 0x00", Refusal("IQ== 0\nIg== 1\n"), StringComparison.Ordinal);
        Assert.Contains("twice, with the ranks 7 and 256", Refusal(string.Join('\n', Bytes.Append("Bw== 256"))), StringComparison.Ordinal);
        Assert.Contains("1024 are the most", Refusal(Line(new byte[1025], 0)), StringComparison.Ordinal);
        var runs = Enumerable.Range(2, 900).Select(length => Line(Enumerable.Repeat((byte)'a', length).ToArray(), 254 + length));
        Assert.Contains("ways", Refusal(string.Join('\n', Bytes.Concat(runs))), StringComparison.Ordinal);
        var many = Enumerable.Range(0, 200_000).Select(i => Line([1, 2, (byte)i, (byte)(i >> 8), (byte)(i >> 16)], 256 + i));
        Assert.Contains("more than fit before the special tokens of cl100k, whose published file has 100256", Refusal(string.Join('\n', Bytes.Concat(many)), TiktokenEncoding.Cl100k), StringComparison.Ordinal);
        Assert.Contains("absent.model", Assert.Throws<LlamaxException>(() => TiktokenFile.Load("absent.model")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_or_harmless()
    {
        var content = Encoding.ASCII.GetBytes(string.Join('\n', Bytes.Concat([Line("th"u8, 256), Line("the"u8, 257), Line(" the"u8, 258)])));
        Gen.Select(Gen.Int[0, content.Length], Gen.Select(Gen.Int[0, content.Length - 1], Gen.Byte).Array[0, 4]).Sample((length, changes) =>
        {
            var damaged = content.ToArray();
            foreach (var (place, value) in changes)
            {
                damaged[place] = value;
            }

            try
            {
                var tokenizer = TiktokenFile.Parse(damaged.AsSpan(0, length), "ranks", TiktokenEncoding.Llama3);
                Assert.Equal("the other", tokenizer.Decode(tokenizer.Encode("the other")));
            }
            catch (LlamaxException)
            {
            }
        }, iter: 2000);
    }

    [Fact]
    public void Loading_takes_no_more_than_sixteen_times_the_file()
    {
        var file = Shared.Path("data", "tokenizers", "llama3_tokenizer.model");
        TiktokenFile.Load(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TiktokenFile.Load(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 16 * new FileInfo(file).Length + (1 << 20));
    }

    [Theory]
    [InlineData(50_256, "gpt2", 50_256, 50_257)]
    [InlineData(100_256, "cl100k", 100_257, 100_277)]
    [InlineData(199_998, "o200k", 199_999, 200_019)]
    public void The_number_of_ranks_tells_the_encoding(int ranks, string name, int end, int size)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("x.tiktoken"), Bytes.Concat(Enumerable.Range(256, ranks - 256).Select(i => Line([1, 2, (byte)i, (byte)(i >> 8), (byte)(i >> 16)], i))));
        var opened = TokenizerFolder.Open(folder.File("x.tiktoken"));
        Assert.Empty(opened.Notes);
        Assert.Equal((name, end, size), (TiktokenEncoding.OfRanks(ranks)!.Name, opened.Tokenizer.PieceToId("<|endoftext|>")!.Value, opened.Tokenizer.VocabularySize));
    }

    [Fact]
    public void An_unknown_number_of_ranks_is_read_as_LLaMA3_s_with_a_note()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.File("x.tiktoken"), Bytes);
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Equal(256, opened.Tokenizer.PieceToId("<|begin_of_text|>"));
        Assert.Contains("256 ranks are those of none of llama3 (128,000), gpt2 (50,256)", Assert.Single(opened.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_file_is_known_by_its_start()
    {
        Assert.True(TiktokenFile.LooksLike("IQ== 0\r\nIg"u8));
        Assert.False(TiktokenFile.LooksLike("\n\x0e\n\x05<unk>"u8));
        Assert.False(TiktokenFile.LooksLike("{\"version\""u8));
    }

    private static string Line(ReadOnlySpan<byte> token, int rank) => $"{Convert.ToBase64String(token)} {rank}";

    private static string Refusal(string content, TiktokenEncoding? encoding = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("ranks.txt"), content);
        var error = Assert.Throws<LlamaxException>(() => TiktokenFile.Load(folder.File("ranks.txt"), encoding));
        Assert.Contains(folder.File("ranks.txt"), error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
