using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Llamax.Text.Files;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>Writes what an extension gives: <c>tokenizer.model</c>, and <c>extension.json</c>, which says how it was made.</summary>
public static class ExtensionFolder
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes the two files.</summary>
    /// <param name="folder">The folder to create or to write into.</param>
    /// <param name="extension">The extension.</param>
    /// <param name="options">The settings that it was made with.</param>
    /// <param name="corpus">Names of the corpus's files.</param>
    /// <param name="model">What was done to a model's weights, where that was asked for.</param>
    public static void Write(
        string folder, VocabularyExtension extension, ExtensionOptions options, IEnumerable<string> corpus, JsonNode? model = null)
    {
        extension.Write(Path.Combine(folder, "tokenizer.model"));
        var json = new JsonObject
        {
            ["base"] = new JsonObject
            {
                ["file"] = Path.GetFileName(extension.BaseFile),
                ["sha256"] = extension.BaseSha256,
                ["pieces"] = extension.BaseSize,
            },
            ["new_tokens"] = extension.Pieces.Count,
            ["scripts"] = Texts(extension.Scripts),
            ["settings"] = new JsonObject
            {
                ["max_piece_length"] = options.MaxPieceLength,
                ["min_count"] = options.MinimumCount,
                ["any_script"] = options.AnyScript,
            },
            ["corpus"] = Texts(corpus),
        };
        if (model is not null)
        {
            json["model"] = model;
        }

        json["pieces"] = new JsonArray([.. extension.Pieces.Select(piece => new JsonObject
        {
            ["id"] = piece.Id,
            ["piece"] = piece.Text,
            ["tokens_saved"] = piece.TokensSaved,
            ["base_ids"] = new JsonArray([.. piece.BaseIds.Select(id => JsonValue.Create(id))]),
        })]);
        AtomicFile.WriteText(Path.Combine(folder, "extension.json"), json.ToJsonString(Json) + "\n");
    }

    /// <summary>Makes <c>tokenizer.json</c> of the folder's <c>tokenizer.model</c>, in place of the one of the old vocabulary.</summary>
    /// <param name="folder">Where <see cref="Write"/> has written.</param>
    /// <returns>What the user should know.</returns>
    public static string RemakeTokenizerJson(string folder)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        try
        {
            TokenizerJson.Convert(Path.Combine(folder, "tokenizer.model"), path);
            return $"{path}: made anew of tokenizer.model; what only the old one said (its post_processor, tokens' properties) is not in it";
        }
        catch (LlamaxException exception)
        {
            return $"{path}: left out. {exception.Message}";
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
