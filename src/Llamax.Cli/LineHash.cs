using System.Security.Cryptography;
using System.Text;

namespace Llamax.Cli;

/// <summary>Tells lines that were read from others.</summary>
internal sealed class LineHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The SHA-256 of the lines so far, each with a line feed, in hexadecimal digits.</summary>
    public string Current => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>One line more.</summary>
    /// <param name="line">Without its end.</param>
    public void Add(string line) => hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();
}
