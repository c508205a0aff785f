using System.Text.Json;
using Llamax.Testing;
using Llamax.Text.Tokenizers.Families;

namespace Llamax.Text.Tests.Tokenizers.Families;

public sealed class FolderSettingsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Many_added_tokens_take_no_time()
    {
        // Each beside all before it took more than a minute.
        const int Count = 100_000;
        Write("added_tokens.json", JsonSerializer.Serialize(Enumerable.Range(0, Count).ToDictionary(id => $"<{id}>", id => id)));
        Assert.Equal(Enumerable.Range(0, Count), FolderSettings.Read(folder.Path).Added.Select(token => token.Id));
    }

    [Fact]
    public void Tokens_of_tokenizer_json_come_before_those_of_added_tokens_json()
    {
        Write("tokenizer.json", """{ "added_tokens": [{ "id": 3, "content": "<a>", "special": true }] }""");
        Write("added_tokens.json", """{ "<a>": 5, "": 6, "<b>": 4 }""");
        var settings = FolderSettings.Read(folder.Path);
        Assert.Equal([("<a>", 3, true), ("<b>", 4, false)], settings.Added.Select(token => (token.Name, token.Id, token.Special)));
        Assert.Equal(["<a>"], settings.OfJson);
    }

    private void Write(string name, string content) => File.WriteAllText(folder.File(name), content);
}
