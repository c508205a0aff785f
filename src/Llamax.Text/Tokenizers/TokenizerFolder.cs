namespace Llamax.Text.Tokenizers;

/// <summary>Finds and loads the tokenizer that a user names.</summary>
public static class TokenizerFolder
{
    /// <summary>Loads a tokenizer.</summary>
    /// <param name="fileOrFolder">A SentencePiece <c>.model</c> file, or a model folder that holds <c>tokenizer.model</c>.</param>
    /// <exception cref="LlamaxException">There is no such file, or it cannot be read.</exception>
    public static Tokenizer Load(string fileOrFolder)
    {
        if (!Directory.Exists(fileOrFolder))
        {
            return File.Exists(fileOrFolder)
                ? SentencePieceTokenizer.Load(fileOrFolder)
                : throw new LlamaxException(
                    $"{fileOrFolder}: there is no such tokenizer. Name a SentencePiece .model file, or a model folder that holds tokenizer.model.");
        }

        var file = Path.Combine(fileOrFolder, "tokenizer.model");
        return File.Exists(file)
            ? SentencePieceTokenizer.Load(file)
            : throw new LlamaxException(
                $"{fileOrFolder} holds no tokenizer.model. Put the model's SentencePiece file there under that name, or name the file itself.");
    }
}
