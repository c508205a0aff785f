namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// What could not be read of a source: how much, why, and the first of it in the words of an error message. Thread-safe.
/// </summary>
public sealed class BadRecords
{
    /// <summary>How many are kept in words.</summary>
    public const int Shown = 10;

    private const int LongestDetail = 200;

    private readonly Lock gate = new();
    private readonly SortedDictionary<string, long> reasons = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> first = new(); // The latest at the head, which makes way for an earlier one.
    private readonly long maximum;
    private (long Number, string Message) firstAbsent = (long.MaxValue, "");

    /// <summary>An empty report.</summary>
    /// <param name="maximum">More than this end the reading.</param>
    public BadRecords(long maximum = long.MaxValue) => this.maximum = maximum;

    /// <summary>Bad records so far.</summary>
    public long Count { get; private set; }

    /// <summary>How many there are for each reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons
    {
        get
        {
            lock (gate)
            {
                return new SortedDictionary<string, long>(reasons, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The first ones, in the order of the source, whatever the order in which they were found.</summary>
    public IReadOnlyList<string> First
    {
        get
        {
            lock (gate)
            {
                return [.. first.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
            }
        }
    }

    /// <summary>Records that are well but have nothing of what is wanted, such as another pair of languages; no bad ones.</summary>
    public long Absent { get; private set; }

    /// <summary>The first of what is bad, or else of what is absent; null where nothing is.</summary>
    public string? Cause => First is [var bad, ..] ? bad : Absent > 0 ? firstAbsent.Message : null;

    /// <summary>Counts a record that has nothing of what is wanted.</summary>
    /// <param name="place">What messages call the record: file and line.</param>
    /// <param name="number">The record's number in its source, from 1.</param>
    /// <param name="reason">What it does not have.</param>
    public void AddAbsent(string place, long number, string reason)
    {
        lock (gate)
        {
            Absent++;
            if (number < firstAbsent.Number)
            {
                firstAbsent = (number, $"{place}: {reason}");
            }
        }
    }

    /// <summary>Counts a bad record.</summary>
    /// <param name="place">What messages call the record: file and line.</param>
    /// <param name="number">The record's number in its source, from 1.</param>
    /// <param name="reason">Why, in words that are the same for the same fault.</param>
    /// <param name="detail">More about this one; may be empty, and is cut where it is long.</param>
    /// <exception cref="LlamaxException">There are more than the maximum.</exception>
    public void Add(string place, long number, string reason, string detail = "")
    {
        detail = detail.Length > LongestDetail ? detail[..LongestDetail] + "…" : detail;
        var message = $"{place}: {reason}{(detail.Length > 0 ? $" ({detail})" : "")}";
        lock (gate)
        {
            Count++;
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            first.Enqueue(message, -number);
            if (first.Count > Shown)
            {
                first.Dequeue();
            }

            if (Count > maximum)
            {
                throw new LlamaxException(
                    $"{message}. That makes {Count} bad lines, more than the {maximum} that --max-bad-lines allows. Mend the file, or raise the limit.");
            }
        }
    }
}
