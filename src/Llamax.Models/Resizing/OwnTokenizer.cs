using Llamax.Text.Tokenizers;
using Llamax.Text.Tokenizers.Extending;

namespace Llamax.Models.Resizing;

/// <summary>The tokenizer in a model's folder: its ids are the rows.</summary>
internal static class OwnTokenizer
{
    private static readonly string[] Files = ["tokenizer.model", "tokenizer.json"];

    /// <summary>Refuses a base that is not the model's tokenizer: rows would be given to other pieces than they were trained for.</summary>
    /// <returns>Whether the folder has one.</returns>
    /// <exception cref="LlamaxException">Another piece has one of the ids, or there are more or fewer of them.</exception>
    public static bool Check(string folder, VocabularyExtension extension)
    {
        if (Files.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } file)
        {
            return false;
        }

        var (own, extended) = (TokenizerFolder.Load(file), extension.CreateTokenizer());
        for (var id = 0; id < Math.Min(own.VocabularySize, extension.BaseSize); id++)
        {
            if (own.IdToPiece(id) != extended.IdToPiece(id))
            {
                throw Other(file, extension, $"id {id} is '{own.IdToPiece(id)}' there, and '{extended.IdToPiece(id)}' in the base");
            }
        }

        return own.VocabularySize == extension.BaseSize ? true
            : throw Other(file, extension, $"it has {own.VocabularySize:N0} ids, the base {extension.BaseSize:N0}");
    }

    private static LlamaxException Other(string file, VocabularyExtension extension, string difference) => new(
        $"{extension.BaseFile} is not the model's tokenizer, {file}: {difference}. Its rows belong to its own pieces; give the model's tokenizer as --base.");
}
