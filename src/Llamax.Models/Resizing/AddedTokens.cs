using System.Globalization;
using System.Text.Json;
using Llamax.Text.Tokenizers.Extending;

namespace Llamax.Models.Resizing;

/// <summary>Tokens that a folder's JSON files put behind the model's pieces, on ids that new pieces would take.</summary>
internal static class AddedTokens
{
    /// <summary>Refuses such tokens.</summary>
    public static void Check(string folder, VocabularyExtension extension)
    {
        foreach (var (file, name, id) in Find(folder).Where(token => token.Id >= extension.BaseSize))
        {
            throw new LlamaxException(
                $"{Path.Combine(folder, file)}: the added token '{name}' has id {id}, behind the {extension.BaseSize:N0} pieces of tokenizer.model, where the "
                + "new pieces go. Remove it there, or make it a piece of tokenizer.model before extending.");
        }
    }

    private static List<(string File, string Name, int Id)> Find(string folder)
    {
        var tokens = new List<(string, string, int)>();
        if (Root(folder, "added_tokens.json") is { } added)
        {
            tokens.AddRange(added.EnumerateObject().Where(token => token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out _))
                .Select(token => ("added_tokens.json", token.Name, token.Value.GetInt32())));
        }

        if (Root(folder, "tokenizer_config.json") is { } config
            && config.TryGetProperty("added_tokens_decoder", out var decoder) && decoder.ValueKind == JsonValueKind.Object)
        {
            foreach (var token in decoder.EnumerateObject())
            {
                if (int.TryParse(token.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                {
                    var name = token.Value.ValueKind == JsonValueKind.Object && token.Value.TryGetProperty("content", out var content) ? content.ToString() : token.Name;
                    tokens.Add(("tokenizer_config.json", name, id));
                }
            }
        }

        return tokens;
    }

    private static JsonElement? Root(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        return File.Exists(file) ? JsonKeys.Parse(file) : null;
    }
}
