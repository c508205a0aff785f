namespace Llamax.Corpora.Building;

/// <summary>Computes results on several threads and gives them back in the order of their inputs.</summary>
internal static class OrderedMap
{
    private const int ChunkSize = 1024;

    /// <summary>The inputs are taken by the calling thread, a chunk at a time, so that memory is bounded and errors come as they are.</summary>
    /// <param name="inputs">What to compute from.</param>
    /// <param name="threads">Threads at most; 0 for one per core.</param>
    /// <param name="map">Computes one result; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work between two chunks.</param>
    public static IEnumerable<TOutput> Select<TInput, TOutput>(
        IEnumerable<TInput> inputs, int threads, Func<TInput, TOutput> map, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads, CancellationToken = cancellationToken };
        var outputs = new TOutput[ChunkSize];
        foreach (var chunk in inputs.Chunk(ChunkSize))
        {
            Parallel.For(0, chunk.Length, options, i => outputs[i] = map(chunk[i]));
            for (var i = 0; i < chunk.Length; i++)
            {
                yield return outputs[i];
            }
        }
    }
}
