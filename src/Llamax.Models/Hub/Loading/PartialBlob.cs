using System.Security.Cryptography;
using Llamax.Models.Hub.Listing;

namespace Llamax.Models.Hub.Loading;

/// <summary>
/// The beginning of a file that is being loaded: always a prefix of the content, so that its length is the place where
/// to go on, for Python's huggingface_hub as for us. What is written is hashed on the way.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly string path;
    private readonly string name;
    private readonly FileStream file;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long length;

    private PartialBlob(string path, string name, FileStream file) => (this.path, this.name, this.file) = (path, name, file);

    /// <summary>The bytes that are there.</summary>
    public long Length => length;

    /// <summary>Whether all bytes are of one answer; otherwise a wrong content may have come about by putting together parts of several.</summary>
    public bool IsOfOneAnswer { get; private set; } = true;

    /// <summary>Opens what earlier attempts left, or begins.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The user's name for it.</param>
    /// <param name="limit">What is longer than this is no beginning of it.</param>
    /// <param name="cancellationToken">Ends the hashing of what is there.</param>
    public static PartialBlob Open(string path, string name, long limit, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = new PartialBlob(path, name, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        try
        {
            partial.TakeIn(limit, cancellationToken);
            return partial;
        }
        catch
        {
            partial.Dispose();
            throw;
        }
    }

    /// <summary>The next bytes come from another answer than those that are there.</summary>
    public void BeginAnswer() => IsOfOneAnswer = length == 0;

    /// <summary>Forgets all.</summary>
    /// <exception cref="LlamaxException">The file cannot be written.</exception>
    public void Restart()
    {
        if (length > 0)
        {
            try
            {
                file.SetLength(0);
            }
            catch (IOException exception)
            {
                throw Unwritable(exception);
            }

            _ = hash.GetHashAndReset();
        }

        (length, IsOfOneAnswer) = (0, true);
    }

    /// <summary>Writes the next bytes.</summary>
    /// <exception cref="LlamaxException">They cannot be written, because the disk is full for example.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
        }
        catch (IOException exception)
        {
            throw Unwritable(exception);
        }

        hash.AppendData(bytes);
        length += bytes.Length;
    }

    /// <summary>SHA-256 of all bytes.</summary>
    public string Sha256() => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>What the bytes hash to, in the way that a digest does.</summary>
    public string HashLike(BlobDigest digest) => digest.IsSha256 ? Sha256() : BlobDigest.GitHash(file);

    /// <summary>Makes sure that a crash of the machine loses nothing.</summary>
    public void Flush() => file.Flush(flushToDisk: true);

    public void Dispose()
    {
        file.Dispose();
        hash.Dispose();
    }

    /// <summary>The user's matter, unlike the failures of a connection, which are of the same type.</summary>
    private LlamaxException Unwritable(IOException exception) => new(
        $"{name} cannot be written to {path} ({exception.Message.TrimEnd('.')}). Make room and run the same command again: it goes on from the {length:N0} bytes that are there.", exception);

    private void TakeIn(long limit, CancellationToken cancellationToken)
    {
        if (file.Length > limit)
        {
            file.SetLength(0);
        }

        var buffer = new byte[Math.Min(BufferSize, file.Length)];
        for (var there = file.Length; length < there;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = file.Read(buffer);
            hash.AppendData(buffer, 0, count);
            length += count;
        }

        // Whatever is there came with answers that are gone.
        IsOfOneAnswer = length == 0;
    }
}
