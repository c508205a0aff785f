using System.Text;
using Llamax.Testing;
using Llamax.Text.Tests.Tokenizers.Gguf;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.ByteLevel;
using Llamax.Text.Tokenizers.HuggingFace;
using Llamax.Text.Tokenizers.SentencePiece;

namespace Llamax.Text.Tests.Tokenizers.Families;

/// <summary>What is taken of the files that lie in a folder, and what is said about it.</summary>
public sealed class TokenizerFolderTests : IDisposable
{
    private const string Text = "The committee met on Tuesday.";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_without_configuration_has_its_own_ids()
    {
        Copy("llama_bpe", "tokenizer.model");
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.IsType<SentencePieceTokenizer>(opened.Tokenizer);
        Assert.Empty(opened.Notes);
        Assert.Equal([folder.File("tokenizer.model")], opened.Files);
    }

    [Fact]
    public void A_shifted_familys_model_without_configuration_is_taken_with_a_note()
    {
        Copy("uni_nfkc", "sentencepiece.bpe.model");
        Assert.Contains("which family", Assert.Single(TokenizerFolder.Open(folder.Path).Notes), StringComparison.Ordinal);
        Write("config.json", """{ "model_type": "xlm-roberta" }""");
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Empty(opened.Notes);
        Assert.Equal([0, 2, 1], new[] { "<s>", "</s>", "<pad>" }.Select(name => opened.Tokenizer.PieceToId(name)!.Value));
        Assert.Equal(501, opened.Tokenizer.PieceToId("<mask>"));
        Assert.Equal(502, opened.Tokenizer.VocabularySize);

        // The space before <mask> is its own; what comes after is a text of its own.
        var tokenizer = opened.Tokenizer;
        Assert.Equal([.. tokenizer.Encode("the"), 501, .. tokenizer.Encode(" cat")], tokenizer.Encode("the  <mask> cat"));
    }

    [Fact]
    public void An_unknown_class_is_taken_with_a_note()
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("tokenizer_config.json", """{ "tokenizer_class": "StrangeTokenizer" }""");
        Assert.Contains("StrangeTokenizer is unknown", Assert.Single(TokenizerFolder.Open(folder.Path).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Added_tokens_of_a_chat_model_have_their_ids_and_give_no_text()
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("tokenizer_config.json", """
            { "tokenizer_class": "LlamaTokenizer", "legacy": false, "added_tokens_decoder": {
              "780": { "content": "<|im_start|>", "special": true }, "781": { "content": "<|im_end|>", "special": true },
              "782": { "content": "~word~", "special": false } } }
            """);
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal(783, tokenizer.VocabularySize);
        var ids = tokenizer.Encode("<|im_start|>the cat~word~<|im_end|>");
        Assert.Equal([780, 782, 781], ids.Where(id => id >= 780));
        Assert.Equal("the cat~word~", tokenizer.Decode(ids));
        var text = tokenizer.Encode("<|im_start|>the ~word~", SpecialTokens.Text);
        Assert.Equal([782], text.Where(id => id >= 780));
        Assert.Equal("<|im_start|>the ~word~", tokenizer.Decode(text));
    }

    [Fact]
    public void Added_tokens_json_counts_too()
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("config.json", """{ "model_type": "llama" }""");
        Write("added_tokens.json", """{ "<pad>": 780 }""");
        Write("special_tokens_map.json", """{ "pad_token": "<pad>" }""");
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal(780, tokenizer.PadId);
        Assert.Equal(781, tokenizer.VocabularySize);
        Assert.Equal([780], tokenizer.Encode("<pad>"));
    }

    [Fact]
    public void T5_counts_its_sentinels_down_and_ends_with_eos()
    {
        Copy("t5_uni", "spiece.model");
        Write("config.json", """{ "model_type": "t5" }""");
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal(820, tokenizer.VocabularySize);
        Assert.Equal(819, tokenizer.PieceToId("<extra_id_0>"));
        Assert.Equal(720, tokenizer.PieceToId("<extra_id_99>"));
        Assert.Contains(819, tokenizer.Encode("a <extra_id_0> b"));
        Assert.Null(tokenizer.BosId);
        Assert.Equal([1], tokenizer.Frame().Suffix);
        Assert.Empty(tokenizer.Frame().Prefix);
    }

    [Fact]
    public void Nllb_frames_a_text_with_its_language_by_any_of_its_codes()
    {
        Copy("uni_nfkc", "sentencepiece.bpe.model");
        Write("tokenizer_config.json", """{ "tokenizer_class": "NllbTokenizerFast" }""");
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal(501 + 202 + 1, tokenizer.VocabularySize);
        Assert.Equal(501 + 46, tokenizer.PieceToId("eng_Latn"));
        Assert.Equal(501 + 202, tokenizer.PieceToId("<mask>"));
        foreach (var code in new[] { "eng_Latn", "en", "eng" })
        {
            Assert.Equal([547], tokenizer.Frame(code).Prefix);
            Assert.Equal([2], tokenizer.Frame(code).Suffix);
        }

        Assert.Contains("give the language's code", Assert.Throws<LlamaxException>(() => tokenizer.Frame()).Message, StringComparison.Ordinal);
        Assert.Contains("fra_Latn", Assert.Throws<LlamaxException>(() => tokenizer.Frame("frq_Latn")).Message, StringComparison.Ordinal);

        Write("tokenizer_config.json", """{ "tokenizer_class": "NllbTokenizer", "legacy_behaviour": true }""");
        Assert.Equal([2, 547], TokenizerFolder.Load(folder.Path).Frame("en").Suffix);
    }

    [Fact]
    public void M2m_takes_ids_from_vocab_json()
    {
        Copy("uni_nfkc", "sentencepiece.bpe.model");
        Write("config.json", """{ "model_type": "m2m_100" }""");
        Write("vocab.json", """{ "<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "▁a": 4, "t": 5, "▁": 6 }""");
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Equal(["sentencepiece.bpe.model", "vocab.json"], opened.Files.Select(Path.GetFileName));
        Assert.Equal([4], opened.Tokenizer.Encode("a"));
        Assert.Equal([6, 3], opened.Tokenizer.Encode("猫"));
        Assert.Equal(7 + 18, opened.Tokenizer.PieceToId("__en__"));
        Assert.Equal([25], opened.Tokenizer.Frame("en").Prefix);
        Assert.Equal("a", opened.Tokenizer.Decode([25, 4, 2]));
    }

    [Fact]
    public void A_folders_own_rules_win()
    {
        Copy("uni_nfkc", "sentencepiece.bpe.model");
        Write("tokenizer_config.json", """{ "tokenizer_class": "XLMRobertaTokenizer" }""");
        Write("tokenizer_family.json", """
            // Another family of ours.
            { "model_files": ["sentencepiece.bpe.model"], "last": [{ "token": "<2{language}>" }], "eos": "</s>", "unk": "<unk>",
              "frame": ["{language}", "{text}", "{eos}"], "language_token": "<2{language}>", "languages": ["de", "fr"] }
            """);
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal([501], tokenizer.Frame("fra").Prefix);
        Assert.Equal([2], tokenizer.Frame("fra").Suffix);
        Write("tokenizer_family.json", """{ "model_files": ["x.model"], "frame": ["{text}"] }""");
        Assert.Contains("asks for x.model", Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
        Write("tokenizer_family.json", """{ "model_file": "x.model", "frame": ["{text}"] }""");
        Assert.Contains("model_file", Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
        Write("tokenizer_family.json", """{ "model_files": ["sentencepiece.bpe.model"], "frame": ["{bos}", "text"] }""");
        Assert.Contains("not of 'text'", Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_json_that_says_the_same_needs_no_note_and_one_that_does_not_gets_one()
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("config.json", """{ "model_type": "llama" }""");
        TokenizerJson.Convert(folder.File("tokenizer.model"), folder.File("tokenizer.json"));
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Empty(opened.Notes);
        Assert.Equal([folder.File("tokenizer.model")], opened.Files);

        TokenizerJson.Convert(Shared.Path("fixtures", "tokenizers", "t5_uni.model"), folder.File("tokenizer.json"));
        var note = Assert.Single(TokenizerFolder.Open(folder.Path).Notes);
        Assert.Contains("took tokenizer.model; tokenizer.json says something else: its id 0 is '<pad>', not '<unk>'", note, StringComparison.Ordinal);

        Write("tokenizer.json", "{");
        Assert.Throws<LlamaxException>(() => TokenizerFolder.Open(folder.Path));

        // A class without a SentencePiece form has its tokenizer.json.
        TokenizerJson.Convert(folder.File("tokenizer.model"), folder.File("tokenizer.json"));
        Write("tokenizer_config.json", """{ "tokenizer_class": "PreTrainedTokenizerFast" }""");
        opened = TokenizerFolder.Open(folder.Path);
        Assert.IsType<HuggingFaceTokenizer>(opened.Tokenizer);
        Assert.Equal(SentencePieceTokenizer.Load(folder.File("tokenizer.model")).Encode(Text), opened.Tokenizer.Encode(Text));
    }

    [Fact]
    public void A_model_of_an_unknown_family_is_compared_by_its_pieces_alone()
    {
        Copy("uni_nfkc", "sentencepiece.bpe.model");
        Write("tokenizer_config.json", """{ "tokenizer_class": "StrangeTokenizer" }""");
        TokenizerJson.Convert(folder.File("sentencepiece.bpe.model"), folder.File("tokenizer.json"));

        // As a family does that moves the pieces up by one.
        var json = File.ReadAllText(folder.File("tokenizer.json"));
        var moved = System.Text.RegularExpressions.Regex.Replace(json, "\"vocab\": \\[", "\"vocab\": [[\"<first>\", 0],");
        moved = System.Text.RegularExpressions.Regex.Replace(moved, "\"unk_id\": (\\d+)", found => $"\"unk_id\": {int.Parse(found.Groups[1].Value) + 1}");
        Write("tokenizer.json", moved);
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Equal("<first>", opened.Tokenizer.IdToPiece(0));
        Assert.Empty(opened.Notes);

        File.Delete(folder.File("sentencepiece.bpe.model"));
        Copy("llama_bpe", "sentencepiece.bpe.model");
        Assert.Contains("took tokenizer.json; sentencepiece.bpe.model says something else: it reads", Assert.Single(TokenizerFolder.Open(folder.Path).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_GGUF_file_is_compared_but_for_the_ids_that_fill_it_up()
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("config.json", """{ "model_type": "llama" }""");
        var model = SentencePieceModelReader.Read(folder.File("tokenizer.model"));
        Gguf([.. model.Pieces.Select(piece => piece.Text), "[PAD780]", "[PAD781]"]);
        Assert.Empty(TokenizerFolder.Open(folder.Path).Notes);

        Gguf([.. model.Pieces.Take(700).Select(piece => piece.Text), .. model.Pieces.Skip(700).Select(piece => piece.Text + "x")]);
        Assert.Contains("took tokenizer.model; model.gguf says something else: its id 700 is", Assert.Single(TokenizerFolder.Open(folder.Path).Notes), StringComparison.Ordinal);
        Gguf([.. model.Pieces.Take(770).Select(piece => piece.Text)]);
        Assert.Contains("it has 770 ids, not 780", Assert.Single(TokenizerFolder.Open(folder.Path).Notes), StringComparison.Ordinal);

        void Gguf(string[] tokens) => File.WriteAllBytes(folder.File("model.gguf"), new GgufFile()
            .Add("tokenizer.ggml.model", "llama").Add("tokenizer.ggml.tokens", tokens)
            .Add("tokenizer.ggml.scores", [.. tokens.Select((_, id) => id < model.Pieces.Count ? model.Pieces[id].Score : -1000)])
            .Add("tokenizer.ggml.token_type", [.. tokens.Select((_, id) => id < model.Pieces.Count ? (int)model.Pieces[id].Type : 5)]).Content());
    }

    [Fact]
    public void Files_are_told_apart_by_their_content()
    {
        File.Copy(Shared.Path("data", "tokenizers", "llama3_tokenizer.model"), folder.File("tokenizer.model"));
        Assert.IsType<ByteLevelTokenizer>(TokenizerFolder.Load(folder.File("tokenizer.model")));
        Assert.IsType<ByteLevelTokenizer>(TokenizerFolder.Load(folder.Path));
        TokenizerJson.Convert(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"), folder.File("any.name"));
        Assert.IsType<HuggingFaceTokenizer>(TokenizerFolder.Load(folder.File("any.name")));
        File.Copy(Shared.Path("data", "tokenizers", "gguf", "ggml-vocab-gpt-2.gguf"), folder.File("vocabulary"));
        Assert.IsType<ByteLevelTokenizer>(TokenizerFolder.Load(folder.File("vocabulary")));
    }

    [Theory]
    [InlineData("tokenizer_config.json", "[]", "object")]
    [InlineData("tokenizer_config.json", "{", "not JSON")]
    [InlineData("tokenizer_config.json", """{ "legacy": 3 }""", "legacy")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "x": "a" } }""", "added_tokens_decoder.x")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "2000000000": { "content": "a" } } }""", "out of proportion")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "780": { "content": "" } } }""", "added_tokens_decoder.780")]
    [InlineData("added_tokens.json", """{ "a": -1 }""", "an id")]
    [InlineData("tokenizer.json", """{ "added_tokens": [{ "content": "a" }] }""", "`id` and `content`")]
    [InlineData("special_tokens_map.json", """{ "bos_token": 1 }""", "bos_token")]
    [InlineData("tokenizer_config.json", """{ "tokenizer_class": "\ud800" }""", "tokenizer_config.json, line 1: a string has half a character")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "\uDC00": "a" } }""", "tokenizer_config.json, line 1: a string has half a character")]
    [InlineData("config.json", """{ "model_type": "\ud800" }""", "config.json, line 1: a string has half a character")]
    [InlineData("special_tokens_map.json", """{ "bos_token": "\ud800" }""", "special_tokens_map.json, line 1: a string has half a character")]
    [InlineData("added_tokens.json", """{ "\ud800": 700 }""", "added_tokens.json, line 1: a string has half a character")]
    [InlineData("tokenizer.json", """{ "added_tokens": [{ "id": 1, "content": "\ud800" }] }""", "tokenizer.json: added_tokens has a string with half a character")]
    public void What_is_not_sound_is_said_by_file_and_key(string file, string content, string message)
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("config.json", """{ "model_type": "llama" }""");
        Write(file, content);
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{ "bos_token": "\ud800" }""")]
    [InlineData("vocab.json", """{ "a": 0, "\ud800": 1 }""")]
    public void Half_a_character_beside_other_files_is_said_too(string file, string content)
    {
        Write("vocab.json", """{ "a": 0 }""");
        Write("merges.txt", "");
        Write(file, content);
        Assert.Contains(file, Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
        TokenizerJson.Convert(Shared.Path("fixtures", "tokenizers", "llama_bpe.model"), folder.File("tokenizer.json"));
        if (file == "tokenizer_config.json")
        {
            Assert.Contains(file, Assert.Throws<LlamaxException>(() => HuggingFaceTokenizer.Load(folder.File("tokenizer.json"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_byte_order_mark_changes_nothing()
    {
        Write("tokenizer_config.json", "\uFEFF{ \"tokenizer_class\": \"GPT2Tokenizer\", \"eos_token\": \"c\" }");
        Write("vocab.json", "\uFEFF{ \"a\": 0, \"b\": 1, \"ab\": 2, \"c\": 3 }");
        Write("merges.txt", "\uFEFFa b\n");
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal([2], tokenizer.Encode("ab"));
        Assert.Equal(3, tokenizer.EosId);
    }

    [Fact]
    public void The_largest_number_is_no_id()
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("vocab.json", """{ "<unk>": 2147483647 }""");
        Write("tokenizer_family.json", """
            { "model_files": ["tokenizer.model"], "vocabulary_file": "vocab.json", "first": ["<s>"], "unk": "<unk>", "frame": ["{text}"] }
            """);
        Assert.Contains("out of proportion", Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "prefix_space_key": "x", F }""", "\"prefix_space_key\" is about")]
    [InlineData("null", "not an object")]
    [InlineData("""{ "last": null, F }""", "last")]
    [InlineData("""{ "last": [null], F }""", "\"last\" must be")]
    [InlineData("""{ "last": [{ "token": "" }], F }""", "\"last\" must be")]
    [InlineData("""{ "last": [{ "token": "a", "count": -1 }], F }""", "\"count\"")]
    [InlineData("""{ "offset": -1, F }""", "\"offset\"")]
    [InlineData("""{ "languages": null, F }""", "languages")]
    [InlineData("""{ "language_token": null, F }""", "language_token")]
    [InlineData("""{ "model_files": null, "frame": ["{text}"] }""", "model_files")]
    [InlineData("""{ "model_files": ["a"], "frame": null }""", "frame")]
    [InlineData("""{ "languages": [null], F }""", "\"languages\" must be")]
    [InlineData("""{ "unk": "", F }""", "\"unk\" must not be empty")]
    [InlineData("""{ "vocabulary_file": "vocab.json", F }""", "\"unk\" must name")]
    [InlineData("""{ "model_files": [], "frame": ["{text}"] }""", "\"model_files\"")]
    [InlineData("""{ "model_files": ["a"], "frame": ["{bos}"] }""", "\"frame\" must have {text} once")]
    [InlineData("""{ "model_files": ["a"], "frame": ["{text}", "{text}"] }""", "\"frame\" must have {text} once")]
    [InlineData("""{ "legacy_frame": [], F }""", "\"legacy_frame\" must have {text} once")]
    [InlineData("""{ "model_files": ["a"], "frame": ["{language}", "{text}"] }""", "\"languages\" must list")]
    [InlineData("""{ "bos": "\ud800", F }""", "is no tokenizer family")]
    public void A_mistake_in_a_familys_rules_is_said_by_file_and_key(string content, string message)
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("tokenizer_family.json", content.Replace(" F ", """ "model_files": ["tokenizer.model"], "frame": ["{text}"] """, StringComparison.Ordinal));
        var said = Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message;
        Assert.StartsWith(folder.File("tokenizer_family.json"), said, StringComparison.Ordinal);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_whose_token_has_no_id_is_said()
    {
        Copy("llama_bpe", "tokenizer.model");
        Write("tokenizer_family.json", """{ "model_files": ["tokenizer.model"], "frame": ["{language}", "{text}"], "languages": ["zho_Hans"] }""");
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Contains("'zho_Hans' has no id", Assert.Throws<LlamaxException>(() => tokenizer.Frame("zho_Hans")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_the_taken_file_cannot_read_is_not_blamed_on_the_other()
    {
        const string Json = """{ "model": { "type": "Unigram", "unk_id": null, "vocab": [["a", 0], ["b", 0]] } }""";
        Write("tokenizer.json", Json);
        Write("vocab.json", """{ "a": 0, "b": 1 }""");
        Write("merges.txt", "");
        Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path).Encode("c"));
        Assert.Empty(TokenizerFolder.Open(folder.Path).Notes);
    }

    [Fact]
    public void White_space_that_is_a_token_and_stripped_takes_time_in_proportion()
    {
        Write("tokenizer.json", """
            { "added_tokens": [{ "id": 1, "content": "\t", "single_word": false, "lstrip": true, "rstrip": true, "normalized": false, "special": false },
                               { "id": 2, "content": "x", "single_word": false, "lstrip": true, "rstrip": false, "normalized": false, "special": false }],
              "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": [] } }
            """);
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.Equal([0, 1, 0, 1, 2, 0, 2], tokenizer.Encode("a \t\t a\t xa x")); // As Hugging Face's library has it (tokenizers 0.23.2).
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal([1], tokenizer.Encode(new string('\t', 200_000)));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Random_mixtures_of_text_and_special_tokens_stream_as_they_decode()
    {
        using var llama = FamilyTokenizerTests.FolderOf("llama_bpe/LlamaTokenizer(legacy=False)");
        var tokenizer = TokenizerFolder.Load(llama.Path);
        var ids = tokenizer.Encode("猫 sat</s>on <s> the  猫");
        var (decoder, text) = (tokenizer.CreateDecoder(), new StringBuilder());
        foreach (var id in ids)
        {
            decoder.Add(id, text);
            Assert.DoesNotContain('\uFFFD', text.ToString());
        }

        decoder.Finish(text);
        Assert.Equal("猫 saton  the  猫", text.ToString());
    }

    private void Copy(string model, string name) =>
        File.Copy(Shared.Path("fixtures", "tokenizers", model + ".model"), folder.File(name));

    private void Write(string name, string content) => File.WriteAllText(folder.File(name), content);
}
