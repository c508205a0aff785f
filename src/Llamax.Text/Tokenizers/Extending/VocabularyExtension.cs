using System.Security.Cryptography;
using Llamax.Text.Files;

namespace Llamax.Text.Tokenizers.Extending;

/// <summary>A SentencePiece model with new pieces behind its old ones.</summary>
public sealed class VocabularyExtension
{
    private readonly byte[] content;

    internal VocabularyExtension(string baseFile, byte[] baseContent, byte[] content, int baseSize, IReadOnlyList<NewPiece> pieces, IReadOnlyList<string> scripts)
    {
        (BaseFile, BaseSha256, this.content) = (baseFile, Convert.ToHexStringLower(SHA256.HashData(baseContent)), content);
        (BaseSize, Pieces, Scripts) = (baseSize, pieces, scripts);
    }

    /// <summary>The base's <c>.model</c> file.</summary>
    public string BaseFile { get; }

    /// <summary>SHA-256 of the base's file, in hexadecimal digits.</summary>
    public string BaseSha256 { get; }

    /// <summary>Number of pieces before.</summary>
    public int BaseSize { get; }

    /// <summary>The new pieces, by id.</summary>
    public IReadOnlyList<NewPiece> Pieces { get; }

    /// <summary>The scripts that the new pieces are of.</summary>
    public IReadOnlyList<string> Scripts { get; }

    /// <summary>Number of pieces now.</summary>
    public int Size => BaseSize + Pieces.Count;

    /// <summary>The extended tokenizer.</summary>
    public SentencePieceTokenizer CreateTokenizer() => new(SentencePiece.SentencePieceModelReader.Parse(content));

    /// <summary>Writes the extended model: the base's bytes with the pieces put in and vocab_size raised.</summary>
    /// <param name="path">The <c>.model</c> file to write.</param>
    public void Write(string path) => AtomicFile.Write(path, stream => stream.Write(content));
}
