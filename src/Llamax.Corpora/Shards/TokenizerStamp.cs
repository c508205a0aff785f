using System.Security.Cryptography;
using Llamax.Text.Tokenizers;

namespace Llamax.Corpora.Shards;

/// <summary>Which tokenizer made the ids of a training set.</summary>
/// <param name="Path">Where it lay, relative to the training set's folder.</param>
/// <param name="Sha256">SHA-256 of the file in lower-case hexadecimal digits.</param>
/// <param name="VocabularySize">Number of ids.</param>
public sealed record TokenizerStamp(string Path, string Sha256, int VocabularySize)
{
    /// <summary>The stamp of a tokenizer file, for a training set that will lie in <paramref name="folder"/>.</summary>
    /// <param name="fileOrFolder">The tokenizer's model file, or a folder that holds it.</param>
    /// <param name="vocabularySize">Number of ids.</param>
    /// <param name="folder">The training set's folder; it need not exist.</param>
    public static TokenizerStamp Of(string fileOrFolder, int vocabularySize, string folder)
    {
        var file = TokenizerFolder.MainFile(fileOrFolder);
        using var stream = File.OpenRead(file);
        return new TokenizerStamp(
            System.IO.Path.GetRelativePath(folder, System.IO.Path.GetFullPath(file)),
            Convert.ToHexStringLower(SHA256.HashData(stream)), vocabularySize);
    }
}
