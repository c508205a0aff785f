using Llamax.Models.Hub;

namespace Llamax.Cli;

/// <summary>Models and tokenizers as users name them.</summary>
internal static class NamedModel
{
    /// <summary>What ends like these is meant as a file, and its reader says best what is wrong with it.</summary>
    private static readonly string[] FileEndings = [".model", ".json", ".gguf", ".tiktoken", ".vocab", ".txt", ".safetensors", ".bin", ".ckpt", ".pt", ".pth"];

    /// <summary>The file or the folder that the user means.</summary>
    /// <param name="named">A file, a folder, or a repository that was pulled.</param>
    /// <exception cref="LlamaxException">It is none of these.</exception>
    public static string Find(string named) =>
        File.Exists(named) || Array.Exists(FileEndings, ending => named.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? named : LocalModel.Find(named);
}
