using Llamax.Testing;
using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.HuggingFace;

namespace Llamax.Text.Tests.Tokenizers.Families;

/// <summary>Folders with <c>vocab.json</c> and <c>merges.txt</c>.</summary>
public sealed class VocabJsonFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("GPT2Tokenizer", "a 12", new[] { 0, 1, 2 })]
    [InlineData("GPT2Tokenizer", "a12<|endoftext|>", new[] { 0, 3, 4 })]
    [InlineData("Qwen2Tokenizer", "a 12<|endoftext|>", new[] { 0, 6, 5, 2, 4 })]
    public void Vocab_json_and_merges_are_a_byte_level_tokenizer(string name, string text, int[] ids)
    {
        Write("tokenizer_config.json", $$"""{ "tokenizer_class": "{{name}}" }""");
        Write("vocab.json", """{ "a": 0, "Ġ1": 1, "2": 2, "12": 3, "<|endoftext|>": 4, "1": 5, "Ġ": 6 }""");
        Write("merges.txt", "#version: 0.2\nĠ 1\n1 2\n");
        var tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.IsType<HuggingFaceTokenizer>(tokenizer);
        Assert.Equal(ids, tokenizer.Encode(text));
        Assert.Equal(text.Replace("<|endoftext|>", "", StringComparison.Ordinal), tokenizer.Decode(ids));
    }

    [Theory]
    [InlineData("GPT2Tokenizer", new[] { 1, 2 })]
    [InlineData("Qwen2Tokenizer", new[] { 5, 2 })] // Has no such switch.
    public void Add_prefix_space_counts_for_GPT2_s_vocab_json(string name, int[] ids)
    {
        Write("tokenizer_config.json", $$"""{ "tokenizer_class": "{{name}}", "add_prefix_space": true }""");
        Write("vocab.json", """{ "a": 0, "Ġ1": 1, "2": 2, "12": 3, "<|endoftext|>": 4, "1": 5, "Ġ": 6 }""");
        Write("merges.txt", "#version: 0.2\nĠ 1\n1 2\n");
        var opened = TokenizerFolder.Open(folder.Path);
        Assert.Empty(opened.Notes);
        Assert.Equal(ids, opened.Tokenizer.Encode("12"));
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{ "tokenizer_class": "CLIPTokenizerFast" }""", "CLIPTokenizer")]
    [InlineData("config.json", """{ "model_type": "opt" }""", "opt")]
    [InlineData("config.json", """{ "model_type": "qwen2" }""", null)]
    public void Other_classes_with_vocab_json_are_read_as_GPT2_s_with_a_note(string file, string content, string? name)
    {
        Write("vocab.json", """{ "a": 0 }""");
        Write("merges.txt", "");
        Write(file, content);
        var notes = TokenizerFolder.Open(folder.Path).Notes;
        Assert.Equal(name is null ? 0 : 1, notes.Count);
        Assert.All(notes, note => Assert.Contains($"may be wrong for {name}.", note, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a b", "merges.txt, line 2: 'a b' needs 'b', which vocab.json lacks")]
    [InlineData("a a", "line 2: 'a a' needs 'aa'")]
    [InlineData("a  a", "line 2: 'a  a' is no merge")]
    public void A_wrong_merge_is_said_by_file_and_line(string merge, string message)
    {
        Write("vocab.json", """{ "a": 0, "c": 1 }""");
        Write("merges.txt", $"#version: 0.2\n{merge}\n");
        Assert.Contains(message, Assert.Throws<LlamaxException>(() => TokenizerFolder.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private void Write(string name, string content) => File.WriteAllText(folder.File(name), content);
}
