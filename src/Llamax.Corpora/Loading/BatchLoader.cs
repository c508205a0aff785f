using System.Runtime.InteropServices;
using Llamax.Corpora.Loading.Mixing;
using Llamax.Corpora.Packed;
using Llamax.Corpora.Shards;
using Llamax.Text.Randomness;

namespace Llamax.Corpora.Loading;

/// <summary>
/// Turns a training set into batches, epoch after epoch without end, in an order that depends on the seed, the epoch and
/// the options only. Reads the entries from mapped files as they are needed. One thread at a time.
/// </summary>
/// <remarks>
/// The entries are put into a seeded order, which is cut into windows of about <see cref="BatchOptions.WindowBatches"/>
/// batches per rank. Within a window they are sorted by length and packed under the token budget, and the batches are
/// shuffled and dealt to the ranks in turn. Every rank knows the whole window, so none has to ask another.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    private readonly ShardSet set;
    private readonly BatchOptions options;
    private readonly long seed;
    private readonly int rank;
    private readonly int size;
    private readonly MixedOrder? mixed;
    private IEntryOrder order;
    private int orderEpoch;
    private Window? window;

    /// <summary>Opens a training set and stands before its first batch.</summary>
    /// <param name="folder">A folder that <see cref="ShardWriter"/> completed.</param>
    /// <param name="options">How entries become batches.</param>
    /// <param name="seed">Seed of the order, the same for all ranks.</param>
    /// <param name="rank">Which of the processes that share the training set this one is, from 0.</param>
    /// <param name="size">Number of these processes. All get the same number of batches, where entries run out an empty one.</param>
    /// <exception cref="LlamaxException">The folder is no training set, or the options contradict each other or it.</exception>
    public BatchLoader(string folder, BatchOptions options, long seed, int rank = 0, int size = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, size);
        if (options.MaxSequence > options.BatchTokens)
        {
            throw new LlamaxException(
                $"max_sequence ({options.MaxSequence}) is above batch_tokens ({options.BatchTokens}): one entry would not fit into "
                + "a batch. Raise batch_tokens, or lower max_sequence.");
        }

        set = new ShardSet(folder);
        this.options = options;
        (this.seed, this.rank, this.size) = (seed, rank, size);
        try
        {
            mixed = options.Mixing.IsEven ? null : new MixedOrder(set, options.Mixing, seed);
        }
        catch
        {
            set.Dispose();
            throw;
        }

        order = OrderOf(0);
    }

    /// <summary>
    /// Where the loader stands; goes into checkpoints. After the same number of batches it is the same for all ranks. At
    /// the beginning of a window it is good for any number of ranks, within one for this number.
    /// </summary>
    public LoaderPosition Position { get; private set; } = LoaderPosition.Beginning;

    /// <summary>The training set's manifest.</summary>
    public ShardManifest Manifest => set.Manifest;

    /// <summary>Entries that were cut to <see cref="BatchOptions.MaxSequence"/> in the batches taken since opening.</summary>
    public long TruncatedRows { get; private set; }

    /// <summary>Entries left out since opening, for all ranks, because the cut left them without a target.</summary>
    public long DroppedRows { get; private set; }

    /// <summary>Goes to a position of an earlier loader of the same training set, options and seed.</summary>
    /// <param name="position">As <see cref="Position"/> gave it.</param>
    /// <exception cref="LlamaxException">There is no such position in this training set.</exception>
    public void Seek(LoaderPosition position)
    {
        if (position.Epoch < 0 || position.Start < 0 || position.Start >= set.Rows || position.Batch < 0)
        {
            throw Elsewhere(position);
        }

        window = null;
        if (position.Batch > 0)
        {
            window = Plan(position.Epoch, position.Start);
            if (position.Batch >= window.Batches.Count / size)
            {
                throw Elsewhere(position);
            }
        }

        Position = position;
    }

    /// <summary>The next batch. After the last of an epoch, <see cref="Position"/> stands at the beginning of the next.</summary>
    /// <exception cref="LlamaxException">A shard is damaged, or no entry has a target within the maximal length.</exception>
    public TokenBatch Next()
    {
        for (var passed = 0L; ;)
        {
            window ??= Plan(Position.Epoch, Position.Start);
            if (window.Batches.Count > 0)
            {
                break;
            }

            passed += window.End - Position.Start;
            if (passed >= 2 * set.Rows) // An epoch at least from its beginning to its end.
            {
                throw NothingFits();
            }

            LeaveWindow();
        }

        var batch = Fill(window.Batches[(Position.Batch * size) + rank]);
        Position = Position with { Batch = Position.Batch + 1 };
        if (Position.Batch == window.Batches.Count / size)
        {
            LeaveWindow();
        }

        return batch;
    }

    /// <summary>
    /// Number of batches of an epoch for this rank. Plans the whole epoch without reading its ids: about a microsecond per entry.
    /// </summary>
    /// <param name="epoch">From 0.</param>
    /// <exception cref="LlamaxException">No entry has a target within the maximal length.</exception>
    public long CountBatches(int epoch)
    {
        var batches = 0L;
        for (var start = 0L; start < set.Rows;)
        {
            var plan = Plan(epoch, start);
            batches += plan.Batches.Count / size;
            start = plan.End;
        }

        return batches > 0 ? batches : throw NothingFits();
    }

    /// <summary>Unmaps the training set.</summary>
    public void Dispose() => set.Dispose();

    private LlamaxException NothingFits() => new(
        $"no entry of the training set has a target within its first {options.MaxSequence} tokens. Raise max_sequence.");

    private static LlamaxException Elsewhere(LoaderPosition position) => new(
        $"the position in the data (epoch {position.Epoch}, entry {position.Start}, batch {position.Batch}) does not exist in this "
        + "training set: it was taken with other data or other batch settings. Start the stage anew.");

    private void LeaveWindow()
    {
        DroppedRows += window!.Dropped;
        Position = window.End < set.Rows
            ? new LoaderPosition(Position.Epoch, window.End, 0)
            : new LoaderPosition(Position.Epoch + 1, 0, 0);
        window = null;
    }

    private IEntryOrder OrderOf(int epoch)
    {
        orderEpoch = epoch;
        var places = new KeyedPermutation(set.Rows, new RandomStream(seed, "order", $"{epoch}"));
        return order = mixed is null ? places : mixed.Of(epoch, places);
    }

    private Window Plan(int epoch, long start)
    {
        var entries = epoch == orderEpoch ? order : OrderOf(epoch);
        var budget = (long)options.WindowBatches * options.BatchTokens * size;
        var rows = new List<(long Row, int Length)>();
        var dropped = 0;
        var end = start;
        for (var tokens = 0L; end < set.Rows && tokens < budget; end++)
        {
            var row = entries[end];
            var (shard, local) = set.Locate(row);
            var length = Math.Min(shard.Length(local), options.MaxSequence);
            if (length <= Math.Max(shard.LossFrom(local), 1))
            {
                dropped++;
                continue;
            }

            rows.Add((row, length));
            tokens += length;
        }

        var batches = Pack(rows);
        Even(batches);
        new RandomStream(seed, "batches", $"{epoch}", $"{start}").Shuffle(CollectionsMarshal.AsSpan(batches));
        return new Window(end, batches, dropped);
    }

    /// <summary>Longest first, so that the first row of a batch says how many fit; equal lengths keep the seeded order.</summary>
    private List<long[]> Pack(List<(long Row, int Length)> rows)
    {
        var batches = new List<long[]>();
        var sorted = rows.OrderByDescending(row => row.Length).ToList();
        for (var first = 0; first < sorted.Count;)
        {
            var count = Math.Min(options.BatchTokens / sorted[first].Length, sorted.Count - first);
            batches.Add([.. sorted.Skip(first).Take(count).Select(row => row.Row)]);
            first += count;
        }

        return batches;
    }

    /// <summary>Makes the number of batches a multiple of the ranks: halves the fullest, adds empty ones where there is nothing to halve.</summary>
    private void Even(List<long[]> batches)
    {
        while (batches.Count % size > 0)
        {
            var fullest = batches.Index().MaxBy(batch => batch.Item.Length);
            var half = (fullest.Item.Length + 1) / 2;
            batches[fullest.Index] = fullest.Item[..half];
            batches.Add(fullest.Item[half..]);
        }
    }

    private TokenBatch Fill(long[] rows)
    {
        var lengths = new int[rows.Length];
        var lossFrom = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var (shard, row) = set.Locate(rows[i]);
            var whole = shard.Length(row);
            lengths[i] = Math.Min(whole, options.MaxSequence);
            lossFrom[i] = Math.Max(shard.LossFrom(row), 1);
            TruncatedRows += whole > lengths[i] ? 1 : 0;
        }

        var columns = lengths.DefaultIfEmpty().Max();
        var ids = new int[rows.Length * columns];
        var segments = Manifest.Packing == PackingMode.None ? null : new TokenSegment[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            var (shard, row) = set.Locate(rows[i]);
            shard.InputIds(row)[..lengths[i]].CopyTo(ids.AsSpan(i * columns));
            if (segments is not null)
            {
                segments[i] = Segments(shard.EntryStarts(row), shard.EntryLossFrom(row), lengths[i]);
            }
        }

        return new TokenBatch(rows.Length, columns, ids, lengths, lossFrom)
        {
            Packed = segments,
            IsIsolated = Manifest.Packing == PackingMode.Isolated && segments!.Any(row => row.Length > 1),
        };
    }

    /// <summary>The entries of a packed row, or of what a cut left of it.</summary>
    private static TokenSegment[] Segments(ReadOnlySpan<int> starts, ReadOnlySpan<int> lossFrom, int length)
    {
        var segments = new List<TokenSegment>(starts.Length);
        for (var i = 0; i < starts.Length && starts[i] < length; i++)
        {
            var end = i + 1 < starts.Length ? Math.Min(starts[i + 1], length) : length;
            segments.Add(new TokenSegment(starts[i], Math.Min(starts[i] + Math.Max(lossFrom[i], 1), end), end));
        }

        return [.. segments];
    }

    /// <summary>The batches that the entries before <c>End</c> of the epoch's order make, as row numbers.</summary>
    private sealed record Window(long End, IReadOnlyList<long[]> Batches, int Dropped);
}
