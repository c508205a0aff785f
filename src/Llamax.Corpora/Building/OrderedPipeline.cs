namespace Llamax.Corpora.Building;

/// <summary>Computes results on several threads and gives them back in the order of their inputs.</summary>
internal static class OrderedPipeline
{
    /// <summary>
    /// The inputs are taken by the calling thread, and no more of them than the threads need, so that memory is bounded
    /// and errors come as they are.
    /// </summary>
    /// <param name="inputs">What to compute from.</param>
    /// <param name="threads">Threads at most; 0 for one per core.</param>
    /// <param name="map">Computes one result; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work between two inputs.</param>
    public static IEnumerable<TOutput> Select<TInput, TOutput>(
        IEnumerable<TInput> inputs, int threads, Func<TInput, TOutput> map, CancellationToken cancellationToken)
    {
        threads = threads == 0 ? Environment.ProcessorCount : threads;
        var running = new Queue<Task<TOutput>>();
        using var free = new SemaphoreSlim(threads);
        try
        {
            foreach (var input in inputs)
            {
                cancellationToken.ThrowIfCancellationRequested();
                running.Enqueue(Task.Run(
                    () =>
                    {
                        free.Wait(CancellationToken.None);
                        try
                        {
                            return map(input);
                        }
                        finally
                        {
                            free.Release();
                        }
                    },
                    CancellationToken.None));
                if (running.Count > 2 * threads)
                {
                    yield return running.Dequeue().GetAwaiter().GetResult();
                }
            }

            while (running.TryDequeue(out var task))
            {
                yield return task.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Whoever stopped listening must not leave work behind that still reads what he disposes of.
            Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }
}
