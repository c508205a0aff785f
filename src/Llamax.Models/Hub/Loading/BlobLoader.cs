using System.Buffers;
using System.Net;
using Llamax.Models.Hub.Cache;
using Llamax.Models.Hub.Http;
using Llamax.Text.Files;

namespace Llamax.Models.Hub.Loading;

/// <summary>Loads one file at a time and place: goes on where an earlier attempt ended, and lets only the right content in.</summary>
/// <param name="connection">Asks.</param>
/// <param name="settings">Of the hub.</param>
/// <param name="progress">Hears how it goes on.</param>
/// <param name="clock">By which it waits.</param>
internal sealed class BlobLoader(HubConnection connection, HubSettings settings, IPullProgress progress, TimeProvider clock)
{
    private const int BufferSize = 1 << 18;
    private const int MostFreshStarts = 2;

    /// <summary>Loads a file, unless it is there.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">Where it is to be; only a complete and checked file gets this name.</param>
    /// <param name="partial">Where its beginning is kept.</param>
    /// <param name="lockFile">Held while it is loaded.</param>
    /// <param name="cancellationToken">Ends it; what was loaded is kept.</param>
    /// <returns>SHA-256 of the content, where it was loaded now.</returns>
    /// <exception cref="LlamaxException">It cannot be had, or its content is not the right one.</exception>
    public async Task<string?> LoadAsync(BlobSource source, string target, string partial, string lockFile, CancellationToken cancellationToken)
    {
        using var held = await CacheLock.TakeAsync(
            lockFile, clock, () => progress.Note($"{source.Name}: waiting for another process that loads it"), cancellationToken).ConfigureAwait(false);
        if (File.Exists(target))
        {
            if (source.Size is not { } size || FileStamp.Of(target).Length == size)
            {
                return null;
            }

            progress.Note($"{source.Name}: {target} has another length than it should have; loading it anew");
            File.Delete(target); // Nothing may lead to it if the right one does not come.
        }

        string hash;
        source.Prepare();
        var beginning = PartialBlob.Open(partial, source.Name, source.Size ?? source.Limit, cancellationToken);
        try
        {
            await FillAsync(source, beginning, cancellationToken).ConfigureAwait(false);
            beginning.Flush();
            hash = beginning.Sha256();
        }
        finally
        {
            beginning.Dispose();
        }

        File.Move(partial, target, overwrite: true);
        progress.Finished(source.Name, isChecked: source.Digest is not null);
        return hash;
    }

    private async Task FillAsync(BlobSource source, PartialBlob partial, CancellationToken cancellationToken)
    {
        var retries = new Retries(source.Name, settings, clock, progress.Note);
        var answer = new AnswerState { Tag = source.Tag, Size = source.Size };
        for (var freshStarts = 0; ;)
        {
            var before = partial.Length;
            try
            {
                if (answer.Size != partial.Length)
                {
                    await FetchAsync(source, partial, answer, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (TransientException failure)
            {
                await retries.WaitAsync(failure, partial.Length - before, cancellationToken).ConfigureAwait(false);
                continue;
            }

            var found = source.Digest is null ? null : partial.HashLike(source.Digest);
            if (found == source.Digest?.Hex)
            {
                return;
            }

            var mayBePatchwork = !partial.IsOfOneAnswer && freshStarts++ < MostFreshStarts;
            Restart(partial);
            if (!mayBePatchwork)
            {
                throw new LlamaxException(
                    $"{source.Name}: the server sent wrong bytes: expected {source.Digest!.Name} {source.Digest.Hex}, found {found}. They were removed. Run the same command again, or check HF_ENDPOINT.");
            }

            progress.Note($"{source.Name}: what was put together from several attempts is not the file; loading it anew");
        }
    }

    /// <summary>Asks once for what is missing and takes what comes.</summary>
    private async Task FetchAsync(BlobSource source, PartialBlob partial, AnswerState answer, CancellationToken cancellationToken)
    {
        using var guard = new StallGuard(settings.StallTimeout, clock, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var response = await connection.SendAsync(
                HttpMethod.Get, source.Address, partial.Length > 0 ? partial.Length : null, answer.Tag, guard.Token).ConfigureAwait(false);
            if (!Accept(response, source, partial, answer))
            {
                return;
            }

            partial.BeginAnswer();
            var limit = answer.Size ?? source.Limit;
            var body = await response.Message.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                for (int count; partial.Length != answer.Size && (count = await body.ReadAsync(buffer, guard.Token).ConfigureAwait(false)) > 0; guard.Renew())
                {
                    if (partial.Length + count > limit)
                    {
                        throw Anew(partial, $"the server sent more than the {limit:N0} bytes of the file");
                    }

                    partial.Append(buffer.AsSpan(0, count));
                    progress.Advanced(count);
                    cancellationToken.ThrowIfCancellationRequested(); // Reading does not look where bytes are waiting.
                }
            }

            if (answer.Size is { } size && partial.Length < size)
            {
                throw new TransientException($"the connection ended after {partial.Length:N0} of {size:N0} bytes");
            }

            answer.Size = partial.Length;
        }
        catch (Exception exception) when (guard.IsTransient(exception))
        {
            throw guard.Transient(exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether the answer's body goes on where we are; where nothing is missing there is none.</summary>
    private bool Accept(HubResponse response, BlobSource source, PartialBlob partial, AnswerState answer)
    {
        var message = response.Message;
        var range = message.Content.Headers.ContentRange;
        if (message.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && partial.Length > 0)
        {
            answer.Tag = source.Tag;
            if (range?.Length == partial.Length && (answer.Size ?? partial.Length) == partial.Length)
            {
                answer.Size = partial.Length;
                return false;
            }

            throw Anew(partial, "the server has no such part of the file");
        }

        Answers.Check(message, source.Name, source.Address, settings, clock);
        long? total;
        if (message.StatusCode == HttpStatusCode.PartialContent)
        {
            if (partial.Length == 0 || range?.From != partial.Length)
            {
                throw Anew(partial, "the server sent another part of the file than it was asked for");
            }

            if (answer.Tag is not null && response.Tag is not null && answer.Tag != response.Tag)
            {
                answer.Tag = response.Tag;
                throw Anew(partial, "the file changed on the server");
            }

            total = range.Length;
            if (total is not null && answer.Size is not null && total != answer.Size && source.Size is null)
            {
                throw Anew(partial, "the file changed on the server");
            }
        }
        else if (message.StatusCode == HttpStatusCode.OK)
        {
            Restart(partial); // All of it: the server knows no ranges, or the file changed.
            (total, answer.Size) = (message.Content.Headers.ContentLength, source.Size);
        }
        else
        {
            throw new TransientException($"the server answered {(int)message.StatusCode}");
        }

        if (message.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
        {
            throw new TransientException("the server packed the file, which it was asked not to do");
        }

        answer.Tag = response.Tag;
        if (total is { } length)
        {
            if (source.Size is { } size && size != length)
            {
                throw new TransientException($"the server speaks of {length:N0} bytes where the file has {size:N0}");
            }

            if (length > source.Limit)
            {
                throw new LlamaxException($"{source.Name}: the server speaks of {length:N0} bytes; more than {source.Limit:N0} are not taken.");
            }

            answer.Size = length;
        }

        return true;
    }

    private TransientException Anew(PartialBlob partial, string reason)
    {
        Restart(partial);
        return new TransientException(reason);
    }

    private void Restart(PartialBlob partial)
    {
        progress.Advanced(-partial.Length);
        partial.Restart();
    }

    /// <summary>What the answers so far said of the file.</summary>
    private sealed class AnswerState
    {
        public string? Tag { get; set; }

        public long? Size { get; set; }
    }
}
