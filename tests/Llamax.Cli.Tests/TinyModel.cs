using Llamax.Models;
using Llamax.Testing;
using Llamax.Text.Randomness;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli.Tests;

/// <summary>A model folder with random weights.</summary>
internal static class TinyModel
{
    /// <summary>Makes the folder <c>model</c> in another and gives its path.</summary>
    public static string In(TemporaryFolder folder)
    {
        var path = Shared.Path("fixtures", "tokenizers", "llama_bpe.model");
        using var model = new CausalLanguageModel(TinyConfig.WithVocabulary(TokenizerFolder.Load(path).VocabularySize));
        model.InitializeWeights(new RandomStream(7, "weights"));
        ModelFolder.Save(model, folder.File("model"));
        File.Copy(path, Path.Combine(folder.File("model"), "tokenizer.model"));
        return folder.File("model");
    }
}
