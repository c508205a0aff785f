namespace Llamax.Models.Hub.Http;

/// <summary>Cancels what waits for a server that sends nothing for too long.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly TimeSpan limit;
    private readonly CancellationToken outer;
    private readonly CancellationTokenSource timer;
    private readonly CancellationTokenSource linked;

    public StallGuard(TimeSpan limit, TimeProvider clock, CancellationToken outer)
    {
        (this.limit, this.outer) = (limit, outer);
        timer = new CancellationTokenSource(limit, clock);
        linked = CancellationTokenSource.CreateLinkedTokenSource(outer, timer.Token);
    }

    public CancellationToken Token => linked.Token;

    /// <summary>Something came: the time begins anew.</summary>
    public void Renew() => timer.CancelAfter(limit);

    /// <summary>Whether a failure is one of the connection, which another try may not meet; also where this guard cancelled.</summary>
    public bool IsTransient(Exception exception) => exception switch
    {
        OperationCanceledException => timer.IsCancellationRequested && !outer.IsCancellationRequested,
        HttpRequestException or IOException => true,
        _ => false,
    };

    /// <summary>The failure in the user's words.</summary>
    public TransientException Transient(Exception exception) => new(
        exception switch
        {
            OperationCanceledException => $"no byte came for {limit.TotalSeconds:0.###} seconds",
            HttpRequestException { InnerException: OperationCanceledException or TimeoutException } => "no connection came about in time",
            _ => $"the connection failed ({exception.Message.TrimEnd('.')})",
        },
        innerException: exception);

    public void Dispose()
    {
        linked.Dispose();
        timer.Dispose();
    }
}
