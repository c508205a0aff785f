using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Llamax.Translation.Translating;

/// <summary>Groups texts that come one after another: what is there is a group as soon as the next text is not.</summary>
internal static class TextStream
{
    /// <summary>A source that gives text after text is not slower than this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The texts in groups, in their order. They are read by a task of its own, about <paramref name="size"/> ahead, so that
    /// a source that blocks its thread, or waits for the answer to what it gave, keeps nobody from answering.
    /// </summary>
    /// <param name="texts">The source. What it throws comes behind the texts that it gave.</param>
    /// <param name="size">Texts of a group at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<IReadOnlyList<string>> GroupAsync(
        IAsyncEnumerable<string> texts, int size, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = ending.Token; // The reader may outlive us, where the source does not look at it.
        var channel = Channel.CreateBounded<string>(new BoundedChannelOptions(size) { SingleReader = true, SingleWriter = true });
        _ = Task.Run(() => ReadAsync(texts, channel.Writer, token), CancellationToken.None);
        try
        {
            Task<bool>? next = null;
            var group = new List<string>();
            while (true)
            {
                while (group.Count < size && channel.Reader.TryRead(out var text))
                {
                    group.Add(text);
                }

                next ??= channel.Reader.WaitToReadAsync(cancellationToken).AsTask();
                var isFull = group.Count == size || (group.Count > 0 && !next.IsCompleted && await Task.WhenAny(next, Task.Delay(Patience, cancellationToken)) != next);
                cancellationToken.ThrowIfCancellationRequested();
                if (group.Count > 0 && (isFull || next is { IsCompleted: true, IsCompletedSuccessfully: false }))
                {
                    yield return group;
                    group = [];
                    continue;
                }

                if (!await next)
                {
                    break;
                }

                next = null;
            }

            if (group.Count > 0)
            {
                yield return group;
            }
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<string> texts, ChannelWriter<string> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var text in texts.WithCancellation(cancellationToken))
            {
                await writer.WriteAsync(text, cancellationToken);
            }

            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.Complete(exception); // Thrown where the texts are read.
        }
    }
}
