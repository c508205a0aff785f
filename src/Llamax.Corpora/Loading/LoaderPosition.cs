namespace Llamax.Corpora.Loading;

/// <summary>
/// Where a <see cref="BatchLoader"/> stands: all that a checkpoint must keep to go on with exactly the remaining batches,
/// given the same training set, options and seed.
/// </summary>
/// <param name="Epoch">Passes over the training set that are done.</param>
/// <param name="Start">Entries of this epoch's order that lie before the current window.</param>
/// <param name="Batch">Batches of the current window that were taken.</param>
public sealed record LoaderPosition(int Epoch, long Start, int Batch)
{
    /// <summary>Before the first batch.</summary>
    public static LoaderPosition Beginning { get; } = new(0, 0, 0);
}
