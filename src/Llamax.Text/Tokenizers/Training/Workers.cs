namespace Llamax.Text.Tokenizers.Training;

/// <summary>Runs the same work on several threads, of which the caller's is one. Simpler than <see cref="Parallel"/>, and started sooner.</summary>
internal static class Workers
{
    /// <summary>Runs and waits for all.</summary>
    /// <param name="threads">Number of threads.</param>
    /// <param name="work">Is told which of them it is.</param>
    public static void Run(int threads, Action<int> work)
    {
        var others = new Task[threads - 1];
        for (var thread = 1; thread < threads; thread++)
        {
            var own = thread;
            others[thread - 1] = Task.Run(() => work(own));
        }

        try
        {
            work(0);
        }
        finally
        {
            Task.WhenAll(others).GetAwaiter().GetResult();
        }
    }
}
