using System.CommandLine;
using Llamax.Text.Tokenizers;

namespace Llamax.Cli;

/// <summary>How verbs name a tokenizer, and what they say about the choice that a folder leaves.</summary>
internal static class TokenizerArguments
{
    /// <summary>The option that names a tokenizer.</summary>
    public static Option<string> Option() => new("--tokenizer")
    {
        Description = "A SentencePiece .model, tokenizer.json, tiktoken or .gguf file, a model folder, or the name of a model that was pulled; where files of a folder disagree, standard error says which was taken.",
        HelpName = "FILE|DIR",
        Required = true,
    };

    /// <summary>Loads a tokenizer and prints to standard error what the user should know about it.</summary>
    /// <param name="named">A file, a folder, or a repository that was pulled.</param>
    public static Tokenizer Open(string named) => TokenizerFolder.Load(NamedModel.Find(named), Note);

    /// <summary>Prints what the user should know about a tokenizer to standard error.</summary>
    /// <param name="text">A sentence.</param>
    public static void Note(string text) => Console.Error.WriteLine($"llamax: {text}");
}
