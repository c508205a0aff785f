using System.Text.Json.Serialization;

namespace Llamax.Corpora.Shards;

/// <summary>One shard in a <see cref="ShardManifest"/>.</summary>
/// <param name="File">The file's name in the folder.</param>
/// <param name="Rows">Entries.</param>
/// <param name="Tokens">Ids.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Sha256">The file's SHA-256 in lower-case hexadecimal digits.</param>
public sealed record ShardEntry(string File, int Rows, long Tokens, long Bytes, string Sha256)
{
    /// <summary>Whether the entry can be true: a plain file name inside the folder, and no negative counts.</summary>
    [JsonIgnore]
    internal bool IsPlausible =>
        !string.IsNullOrEmpty(File) && Path.GetFileName(File) == File && File is not ("." or "..")
        && Rows > 0 && Tokens >= Rows && Bytes > 0 && Sha256 is { Length: 64 };
}
