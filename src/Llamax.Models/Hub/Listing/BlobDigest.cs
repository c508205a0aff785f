using System.Security.Cryptography;
using System.Text;

namespace Llamax.Models.Hub.Listing;

/// <summary>
/// By what a file's content is known: SHA-256 for what lies in git LFS, git's own hash for the rest, which is SHA-1 of
/// "blob", a space, the length in digits, a zero byte and the content.
/// </summary>
/// <param name="Hex">64 or 40 lower-case hexadecimal digits.</param>
internal sealed record BlobDigest(string Hex)
{
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;

    public bool IsSha256 => Hex.Length == Sha256Digits;

    public string Name => IsSha256 ? "SHA-256" : "git hash";

    /// <summary>The digest in an entity tag or a listing; null where it is something else.</summary>
    public static BlobDigest? Parse(string? text) =>
        text is { Length: Sha256Digits or GitDigits } && text.All(char.IsAsciiHexDigitLower) ? new BlobDigest(text) : null;

    /// <summary>Git's hash of a whole file.</summary>
    public static string GitHash(Stream content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        var buffer = new byte[1 << 16];
        content.Position = 0;
        for (var count = content.Read(buffer); count > 0; count = content.Read(buffer))
        {
            hash.AppendData(buffer, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
