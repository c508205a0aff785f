using System.Buffers;

namespace Llamax.Corpora.Readers.Records;

/// <summary>
/// Records that travel together: texts (one field each), sentence pairs (two) or lines of a multi-way set (one per
/// language), as UTF-8 in one rented buffer. One thread at a time; a batch is handed on, never shared.
/// </summary>
public sealed class RecordBatch : IDisposable
{
    private byte[] bytes;
    private int used;
    private int fieldStart;
    private readonly List<(int Start, int End)> places = [];
    private readonly List<long> numbers = [];

    /// <summary>An empty batch.</summary>
    /// <param name="fields">Fields per record, at least 1.</param>
    /// <param name="capacity">Bytes to begin with; grows as needed.</param>
    public RecordBatch(int fields, int capacity = 1 << 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fields, 1);
        Fields = fields;
        bytes = ArrayPool<byte>.Shared.Rent(capacity);
    }

    /// <summary>Fields per record.</summary>
    public int Fields { get; }

    /// <summary>Complete records.</summary>
    public int Count => numbers.Count;

    /// <summary>Bytes of all fields.</summary>
    public int Bytes => used;

    /// <summary>A field's UTF-8, valid until the batch changes.</summary>
    /// <param name="record">From 0 to <see cref="Count"/>, exclusive.</param>
    /// <param name="field">From 0 to <see cref="Fields"/>, exclusive.</param>
    public ReadOnlySpan<byte> this[int record, int field]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)field, (uint)Fields, nameof(field));
            var (start, end) = places[(record * Fields) + field];
            return bytes.AsSpan(start, end - start);
        }
    }

    /// <summary>The number of a record in its source, from 1: the line's, where the source has lines.</summary>
    /// <param name="record">From 0 to <see cref="Count"/>, exclusive.</param>
    public long Number(int record) => numbers[record];

    /// <summary>Room for the field that is being written.</summary>
    /// <param name="length">Bytes that are needed.</param>
    public Span<byte> Room(int length)
    {
        if (bytes.Length - used < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(used + length), (int)Math.Min(2L * bytes.Length, Array.MaxLength)));
            bytes.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsSpan(used);
    }

    /// <summary>Says how much of <see cref="Room"/> was written.</summary>
    /// <param name="length">Bytes.</param>
    public void Advance(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(bytes.Length - used), nameof(length));
        used += length;
    }

    /// <summary>Appends to the field that is being written.</summary>
    /// <param name="utf8">What to append.</param>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Room(utf8.Length));
        used += utf8.Length;
    }

    /// <summary>What was written of the current field so far; may be changed in place.</summary>
    public Span<byte> Current => bytes.AsSpan(fieldStart, used - fieldStart);

    /// <summary>Takes back what was written of the current field but for its beginning.</summary>
    /// <param name="length">Bytes to keep.</param>
    public void Shorten(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(used - fieldStart), nameof(length));
        used = fieldStart + length;
    }

    /// <summary>Ends the current field after its first <paramref name="length"/> bytes, without its first <paramref name="skip"/>.</summary>
    /// <param name="skip">Bytes at its beginning that do not belong to it.</param>
    /// <param name="length">Bytes that do.</param>
    public void EndField(int skip, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)(skip + length), (uint)(used - fieldStart), nameof(length));
        places.Add((fieldStart + skip, fieldStart + skip + length));
        fieldStart = used;
    }

    /// <summary>Ends the current field.</summary>
    public void EndField() => EndField(0, used - fieldStart);

    /// <summary>Ends the record, all of whose fields were ended.</summary>
    /// <param name="number">Its number in the source, from 1.</param>
    public void EndRecord(long number)
    {
        numbers.Add(number);
        if (places.Count != numbers.Count * Fields)
        {
            throw new InvalidOperationException($"a record has {Fields} fields; {places.Count} fields were ended for {numbers.Count} records");
        }
    }

    /// <summary>Gives up the record that was begun and not ended.</summary>
    public void Abandon()
    {
        places.RemoveRange(numbers.Count * Fields, places.Count - (numbers.Count * Fields));
        used = fieldStart = places.Count == 0 ? 0 : places[^1].End;
    }

    /// <summary>Takes out all records.</summary>
    public void Clear()
    {
        places.Clear();
        numbers.Clear();
        used = fieldStart = 0;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        Clear();
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }
}
