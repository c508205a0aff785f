namespace Llamax.Models.Tests.Hub;

/// <summary>A clock by which waits of minutes are over at once, and longer ones when a test says so.</summary>
internal sealed class SwiftClock : TimeProvider
{
    /// <summary>What is longer than this does not pass by itself.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    private readonly Lock guard = new();
    private readonly List<SwiftTimer> waiting = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The waits that were over at once, in their order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow()
    {
        lock (guard)
        {
            return now;
        }
    }

    /// <summary>Lets the long waits be over.</summary>
    public void PassLong()
    {
        List<SwiftTimer> over;
        lock (guard)
        {
            over = [.. waiting];
            waiting.Clear();
        }

        over.ForEach(timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SwiftTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private void Schedule(SwiftTimer timer, TimeSpan due)
    {
        lock (guard)
        {
            waiting.Remove(timer);
            if (due == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            if (due > Long)
            {
                waiting.Add(timer);
                return;
            }

            now += due;
            Waits.Add(due);
        }

        ThreadPool.QueueUserWorkItem(_ => timer.Fire());
    }

    private void Forget(SwiftTimer timer)
    {
        lock (guard)
        {
            waiting.Remove(timer);
        }
    }

    private sealed class SwiftTimer(SwiftClock clock, Action fire) : ITimer
    {
        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Forget(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
