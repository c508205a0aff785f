using CsCheck;
using Llamax.Testing;
using Llamax.Text.Tests.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.Gguf;
using Llamax.Text.Tokenizers.SentencePiece;
using Llamax.Text.Tokenizers.Tiktoken;

namespace Llamax.Text.Tests.Tokenizers.Gguf;

public sealed class GgufVocabularyTests
{
    private const string Keys = "tokenizer.ggml.";

    [Theory]
    [InlineData("gpt-2", 50_257, 50_256)]
    [InlineData("llama-spm", 32_000, 1)]
    public void Ids_are_those_of_the_original(string name, int size, int bos)
    {
        var tokenizer = GgufVocabulary.Load(Shared.Path("data", "tokenizers", "gguf", $"ggml-vocab-{name}.gguf"));
        Assert.Equal((size, bos), (tokenizer.VocabularySize, tokenizer.BosId!.Value));
        Assert.Equal(name == "gpt-2" ? [] : [1], tokenizer.Frame().Prefix);
        foreach (var (text, ids) in GgufCases.Of(name))
        {
            Assert.Equal(ids, tokenizer.Encode(text));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void The_LLaMA2_vocabulary_encodes_as_the_SentencePiece_model_does()
    {
        var gguf = GgufVocabulary.Load(Shared.Path("data", "tokenizers", "gguf", "ggml-vocab-llama-spm.gguf"));
        var model = SentencePieceTokenizer.Load(Shared.Path("data", "tokenizers", "llama2_tokenizer.model"));
        AnyText.Gen.Sample(text => Assert.Equal(model.Encode(text), gguf.Encode(text)), iter: 2000);
    }

    [Fact]
    public void LLaMA3_s_ranks_as_a_GGUF_vocabulary_give_the_same_ids()
    {
        var ranks = TiktokenFile.Load(Shared.Path("data", "tokenizers", "llama3_tokenizer.model"));
        var ids = Enumerable.Range(0, ranks.VocabularySize).ToArray();
        var file = new GgufFile()
            .Add(Keys + "model", "gpt2").Add(Keys + "pre", "llama-bpe").Add(Keys + "bos_token_id", 128_000u)
            .Add(Keys + "tokens", [.. ids.Select(ranks.IdToPiece)])
            .Add(Keys + "token_type", [.. ids.Select(id => id < 128_000 ? 1 : 3)])
            .Add(Keys + "merges", [.. HuggingFaceMerges.Of(ranks, 128_000)]);
        var tokenizer = GgufVocabulary.Read(new MemoryStream(file.Content()));
        Assert.Equal([128_000], tokenizer.Frame().Prefix);
        AnyText.Gen.Sample(text => Assert.Equal(ranks.Encode(text), tokenizer.Encode(text)), iter: 2000);
    }

    [Fact]
    public void A_unigram_vocabulary_encodes_as_its_model_does()
    {
        var path = Shared.Path("data", "tokenizers", "t5_spiece.model");
        var model = SentencePieceModelReader.Read(path);
        var file = new GgufFile()
            .Add(Keys + "model", "t5")
            .Add(Keys + "tokens", [.. model.Pieces.Select(piece => piece.Text)])
            .Add(Keys + "scores", [.. model.Pieces.Select(piece => piece.Score)])
            .Add(Keys + "token_type", [.. model.Pieces.Select(piece => (int)piece.Type)])
            .Add(Keys + "precompiled_charsmap", model.Normalizer.CharacterMap)
            .Add(Keys + "add_space_prefix", model.Normalizer.AddDummyPrefix)
            .Add(Keys + "remove_extra_whitespaces", model.Normalizer.RemoveExtraWhitespaces)
            .Add(Keys + "eos_token_id", 1u);
        var (gguf, reference) = (GgufVocabulary.Read(new MemoryStream(file.Content())), SentencePieceTokenizer.Load(path));
        Assert.Equal((1, 2), (gguf.EosId, gguf.UnknownId));
        AnyText.Gen.Sample(text => Assert.Equal(reference.Encode(text), gguf.Encode(text)), iter: 2000);
    }

    [Theory]
    [InlineData("llama", null, null, "1 | ")]
    [InlineData("llama", false, null, " | ")]
    [InlineData("llama", null, true, "1 | 2")]
    [InlineData("llama", false, true, " | 2")]
    [InlineData("t5", null, null, " | 2")]
    [InlineData("t5", true, false, "1 | ")]
    [InlineData("gpt2", null, null, " | ")]
    [InlineData("gpt2", true, true, "1 | 2")]
    [InlineData("gpt2", true, false, "1 | ")]
    public void What_belongs_around_a_text_is_what_the_file_says(string kind, bool? addBos, bool? addEos, string frame)
    {
        var file = new GgufFile().Add(Keys + "model", kind).Add(Keys + "tokens", ["<unk>", "<s>", "</s>", "a"]).Add(Keys + "token_type", [2, 3, 3, 1])
            .Add(Keys + "bos_token_id", 1u).Add(Keys + "eos_token_id", 2u).Add(Keys + "unknown_token_id", 0u);
        file = kind == "gpt2" ? file.Add(Keys + "pre", "gpt-2").Add(Keys + "merges", Array.Empty<string>()) : file.Add(Keys + "scores", [0f, 0f, 0f, -1f]);
        file = addBos is { } bos ? file.Add(Keys + "add_bos_token", bos) : file;
        file = addEos is { } eos ? file.Add(Keys + "add_eos_token", eos) : file;
        var tokenizer = GgufVocabulary.Read(new MemoryStream(file.Content()));
        Assert.Equal(frame, $"{string.Join(' ', tokenizer.Frame().Prefix)} | {string.Join(' ', tokenizer.Frame().Suffix)}");
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("command-r")]
    public void Tokens_end_where_words_end(string name)
    {
        // No vocabulary is at hand; but of texts with the same words between them the ids must be the same, and where one
        // text's words are another's with something before or after them, so must be the ids.
        var pattern = name == "qwen2" ? SplitPattern.Qwen2 : SplitPattern.CommandR;
        var cases = GgufCases.Of(name).ToArray();
        var known = new Dictionary<string, int[]>();
        foreach (var (text, ids) in cases)
        {
            if (SplitPatternTests.Cut(pattern, text) is [var word])
            {
                known[word] = ids;
            }
        }

        var checks = 0;
        foreach (var (text, ids) in cases)
        {
            var words = SplitPatternTests.Cut(pattern, text);
            for (var (i, at) = (0, 0); i < words.Count && known.TryGetValue(words[i], out var expected); i++, checks++)
            {
                Assert.Equal(expected, ids.AsSpan(at, expected.Length).ToArray());
                at += expected.Length;
                Assert.True(i + 1 < words.Count || at == ids.Length, $"{text}: {at} of {ids.Length} ids");
            }
        }

        Assert.True(checks > 40, $"{checks} checks");
    }

    [Fact]
    public void The_default_pre_tokeniser_cuts_as_its_four_patterns_do()
    {
        var pattern = ByteLevelFile().Pattern;
        Assert.Equal("Hello|,| world|123|456|.|x| |!", string.Join('|', SplitPatternTests.Cut(pattern, "Hello, world123456.x !")));
        Assert.Equal("a| |123|4| |..| b", string.Join('|', SplitPatternTests.Cut(pattern, "a 1234 .. b")));
    }

    [Fact]
    public void What_is_no_sound_file_is_refused_with_the_reason()
    {
        Assert.Contains("begin with GGUF", Refusal([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("version is 1", Refusal(new GgufFile { Version = 1 }.Content()), StringComparison.Ordinal);
        Assert.Contains("no tokenizer.ggml.model", Refusal(new GgufFile().Content()), StringComparison.Ordinal);
        Assert.Contains("is bert", Refusal(new GgufFile().Add(Keys + "model", "bert").Content()), StringComparison.Ordinal);
        Assert.Contains("there twice", Refusal(new GgufFile().Add(Keys + "model", "t5").Add(Keys + "model", "t5").Content()), StringComparison.Ordinal);
        Assert.Contains("String", Refusal(new GgufFile().Add(Keys + "model", 3u).Content()), StringComparison.Ordinal);
        Assert.Contains("unknown type", Refusal(new GgufFile().AddRaw("x", 13).Content()), StringComparison.Ordinal);
        Assert.Contains("longer than the file", Refusal(new GgufFile().AddRaw(Keys + "model", 8, 0, 0, 0, 0, 0, 0, 0, 0x10).Content()), StringComparison.Ordinal);
        Assert.Contains("longer than the file", Refusal(new GgufFile().AddRaw("x", 9, 8, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255).Content()), StringComparison.Ordinal);
        Assert.Contains("too deep", Refusal(new GgufFile().AddRaw("x", 9, [.. Enumerable.Range(0, 20).SelectMany(_ => new byte[] { 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 })]).Content()), StringComparison.Ordinal);
        Assert.Contains("2 tokens, but 1 scores", Refusal(new GgufFile().Add(Keys + "model", "llama").Add(Keys + "tokens", ["a", "b"]).Add(Keys + "scores", [1f]).Content()), StringComparison.Ordinal);
        Assert.Contains("finite", Refusal(new GgufFile().Add(Keys + "model", "llama").Add(Keys + "tokens", ["a"]).Add(Keys + "scores", [float.NaN]).Content()), StringComparison.Ordinal);
        Assert.Contains("unknown pieces", Refusal(new GgufFile().Add(Keys + "model", "llama").Add(Keys + "tokens", ["a"]).Add(Keys + "scores", [1f]).Content()), StringComparison.Ordinal);
        Assert.Contains("merge 0 ('a c')", Refusal(ByteLevel(merges: ["a c"])), StringComparison.Ordinal);
        Assert.Contains("merge 1 ('ab')", Refusal(ByteLevel(merges: ["a b", "ab"])), StringComparison.Ordinal);
        Assert.Contains("is token 0 again", Refusal(ByteLevel(tokens: ["a", "b", "a"], merges: [])), StringComparison.Ordinal);
        Assert.Contains("pre is zebra", Refusal(ByteLevel(pre: "zebra")), StringComparison.Ordinal);
        Assert.Contains("bos_token_id is 3", Refusal(ByteLevel(bos: 3)), StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.gguf"), "no");
        var error = Assert.Throws<LlamaxException>(() => GgufVocabulary.Load(folder.File("x.gguf")));
        Assert.Contains(folder.File("x.gguf"), error.Message, StringComparison.Ordinal);
        Assert.Throws<LlamaxException>(() => GgufVocabulary.Load(folder.File("absent.gguf")));
    }

    [Fact]
    public void Cut_and_damaged_files_are_refused_or_harmless()
    {
        var contents = new[]
        {
            ByteLevel(),
            new GgufFile().Add("general.name", "x").Add("general.tags", ["a", "b"]).Add(Keys + "model", "llama").Add(Keys + "tokens", ["<unk>", "▁", "a", "▁a"])
                .Add(Keys + "scores", [0f, -1f, -2f, -3f]).Add(Keys + "token_type", [2, 1, 1, 1]).Content(),
        };
        Assert.NotNull(ByteLevelFile());
        foreach (var content in contents)
        {
            var tokenizer = GgufVocabulary.Read(new MemoryStream(content)); // Patterns and tables of characters are made once.
            tokenizer.Decode(tokenizer.Encode("ab a"));
            for (var length = 0; length < content.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => GgufVocabulary.Read(new MemoryStream(content, 0, length)));
            }
        }

        Gen.Select(Gen.Int[0, 1], Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[1, 6]).Sample((which, changes) =>
        {
            var damaged = contents[which].ToArray();
            foreach (var (place, value) in changes)
            {
                damaged[place % damaged.Length] = value;
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var tokenizer = GgufVocabulary.Read(new MemoryStream(damaged));
                tokenizer.Decode(tokenizer.Encode("ab a"));
            }
            catch (InvalidDataException)
            {
            }

            // Workspaces are not counted in the bound of what a file may make grow; they are bounded by themselves.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }, iter: 5000, threads: 1);
    }

    [Fact]
    public void The_tensors_are_not_read()
    {
        var content = ByteLevel();
        using var file = new BoundedStream(content, 1L << 40);
        Assert.Equal([2], GgufVocabulary.Read(file).Encode("ab"));
    }

    private static ByteLevelDefinition ByteLevelFile() => GgufByteLevel.Read(new GgufMetadata(new MemoryStream(ByteLevel(pre: "default")), Keys));

    private static byte[] ByteLevel(string[]? tokens = null, string[]? merges = null, string pre = "gpt-2", uint bos = 2) => new GgufFile()
        .Add("general.architecture", "x").AddRaw("x.flags", 9, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4)
        .Add(Keys + "model", "gpt2").Add(Keys + "pre", pre).Add(Keys + "tokens", tokens ?? ["a", "b", "ab"])
        .Add(Keys + "merges", merges ?? ["a b"]).Add(Keys + "bos_token_id", bos).Add(Keys + "add_bos_token", false).Content();

    private static string Refusal(byte[] content) =>
        Assert.Throws<InvalidDataException>(() => GgufVocabulary.Read(new MemoryStream(content))).Message;

    /// <summary>A file of which only the start may be read.</summary>
    private sealed class BoundedStream(byte[] start, long length) : MemoryStream(start)
    {
        private readonly int end = start.Length;

        public override long Length => length;

        public override int Read(Span<byte> buffer) => Position + buffer.Length <= end ? base.Read(buffer) : throw new InvalidOperationException("beyond the metadata");
    }
}
