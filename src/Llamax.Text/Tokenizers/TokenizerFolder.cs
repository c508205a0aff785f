using Llamax.Text.Tokenizers.Families;

namespace Llamax.Text.Tokenizers;

/// <summary>Finds and loads the tokenizer that a user names.</summary>
public static class TokenizerFolder
{
    /// <summary>Loads a tokenizer.</summary>
    /// <param name="fileOrFolder">See <see cref="Open"/>.</param>
    /// <param name="note">Receives what the user should know, a sentence each; where null, other files of the folder are not compared.</param>
    /// <exception cref="LlamaxException">There is no such file, or it cannot be read.</exception>
    public static Tokenizer Load(string fileOrFolder, Action<string>? note = null)
    {
        if (note is null)
        {
            return Find(fileOrFolder)[0].Load();
        }

        var opened = Open(fileOrFolder);
        foreach (var text in opened.Notes)
        {
            note(text);
        }

        return opened.Tokenizer;
    }

    /// <summary>Loads a tokenizer and compares it with the other ones that the folder holds.</summary>
    /// <param name="fileOrFolder">
    /// A SentencePiece model, a tiktoken rank file, a GGUF file or a tokenizer.json (told apart by what is in them, not
    /// by their names), or a model folder. In a folder, a SentencePiece model with its family's rules is taken before a
    /// tokenizer.json, that before vocab.json with merges.txt, and those before a rank file or a GGUF file.
    /// </param>
    /// <exception cref="LlamaxException">There is no such file, or it cannot be read.</exception>
    public static OpenedTokenizer Open(string fileOrFolder)
    {
        var candidates = Find(fileOrFolder);
        var taken = candidates[0];
        var tokenizer = taken.Load();
        var notes = taken.Note is null ? [] : new List<string> { taken.Note };
        foreach (var other in candidates.Skip(1))
        {
            if (TokenizerComparison.Difference(tokenizer, other) is { } difference)
            {
                notes.Add($"{fileOrFolder}: took {taken.Names}; {other.Names} says something else: {difference}.");
            }
        }

        return new OpenedTokenizer(tokenizer, taken.Files, notes);
    }

    /// <summary>The file by which a tokenizer is told from others.</summary>
    /// <param name="fileOrFolder">See <see cref="Open"/>.</param>
    /// <exception cref="LlamaxException">There is none.</exception>
    public static string MainFile(string fileOrFolder) => Find(fileOrFolder)[0].Files[0];

    /// <summary>Whether a folder holds a tokenizer.</summary>
    /// <param name="folder">The folder; need not exist.</param>
    /// <exception cref="LlamaxException">Its configuration cannot be read.</exception>
    public static bool Holds(string folder) => Directory.Exists(folder) && TokenizerCandidates.InFolder(folder).Count > 0;

    private static IReadOnlyList<TokenizerCandidate> Find(string fileOrFolder)
    {
        if (File.Exists(fileOrFolder))
        {
            return [TokenizerCandidates.OfFile(fileOrFolder)];
        }

        if (!Directory.Exists(fileOrFolder))
        {
            throw new LlamaxException(
                $"{fileOrFolder}: there is no such tokenizer. Name a SentencePiece .model, tokenizer.json, tiktoken or .gguf file, or a model folder.");
        }

        var found = TokenizerCandidates.InFolder(fileOrFolder);
        return found.Count > 0 ? found : throw new LlamaxException(
            $"{fileOrFolder} holds no tokenizer. Put the model's tokenizer.model, sentencepiece.bpe.model, spiece.model, tokenizer.json, or vocab.json "
            + "and merges.txt there, or name the file itself.");
    }
}
