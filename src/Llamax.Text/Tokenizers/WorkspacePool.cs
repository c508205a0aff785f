namespace Llamax.Text.Tokenizers;

/// <summary>
/// Keeps what encoding needs besides the model, so that after warm-up nothing is allocated. Each item is in the hands of
/// one call at a time. There are at most two kept for each processor; what does not fit is left to the garbage collector.
/// </summary>
internal sealed class WorkspacePool<T>(Func<T> create)
    where T : class
{
    private readonly T?[] slots = new T?[2 * Environment.ProcessorCount];

    public T Rent()
    {
        // A thread looks first where it put its last one down: that one's caches fit its text best.
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref slots[(uint)(Environment.CurrentManagedThreadId + i) % slots.Length];
            if (slot is { } item && Interlocked.CompareExchange(ref slot, null, item) == item)
            {
                return item;
            }
        }

        return create();
    }

    public void Return(T item)
    {
        for (var i = 0; i < slots.Length; i++)
        {
            ref var slot = ref slots[(uint)(Environment.CurrentManagedThreadId + i) % slots.Length];
            if (slot is null && Interlocked.CompareExchange(ref slot, item, null) is null)
            {
                return;
            }
        }
    }
}
