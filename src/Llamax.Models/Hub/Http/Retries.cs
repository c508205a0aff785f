namespace Llamax.Models.Hub.Http;

/// <summary>Waits between the attempts at one thing, longer each time, and gives up where nothing comes of them.</summary>
/// <param name="what">What is attempted, for messages.</param>
/// <param name="settings">How often.</param>
/// <param name="clock">By which it waits.</param>
/// <param name="note">Hears why there is a wait.</param>
internal sealed class Retries(string what, HubSettings settings, TimeProvider clock, Action<string> note)
{
    /// <summary>So many bytes are progress; with less a server could lead us by the nose for ever.</summary>
    public const int ProgressBytes = 1 << 16;

    private static readonly TimeSpan LongestOwnWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestAskedWait = TimeSpan.FromMinutes(10);

    private int failures;

    /// <summary>Does something until it succeeds.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (TransientException exception)
            {
                await WaitAsync(exception, progress: 0, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits after a failure.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="progress">Bytes that came before it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LlamaxException">There were too many failures, or the server asks for too long a wait.</exception>
    public async Task WaitAsync(TransientException failure, long progress, CancellationToken cancellationToken)
    {
        failures = progress >= ProgressBytes ? 1 : failures + 1;
        if (failures >= settings.Attempts)
        {
            throw new LlamaxException($"{what}: {failure.Message}. This was tried {failures} times. Run the same command again later: it goes on from what is there.", failure);
        }

        var wait = failure.RetryAfter ?? Least(TimeSpan.FromSeconds(Math.Pow(2, failures - 1)), LongestOwnWait);
        if (wait > LongestAskedWait)
        {
            throw new LlamaxException($"{what}: {failure.Message}, and the server asks to wait {wait.TotalMinutes:0} minutes. Run the same command again then: it goes on from what is there.", failure);
        }

        note($"{what}: {failure.Message}; trying again in {wait.TotalSeconds:0.#} s");
        await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
