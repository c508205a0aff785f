using System.Buffers.Binary;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>Goes along the records that a <see cref="RecordWriter"/> wrote, whose translations are still missing.</summary>
internal sealed class SkeletonReader(Stream stream)
{
    private byte[] body = new byte[256];
    private int keyLength;
    private int spellings;
    private int spellingsAt;
    private long next;

    /// <summary>Where the record stands.</summary>
    public long Place { get; private set; }

    /// <summary>Its word in lower case.</summary>
    public ReadOnlySpan<byte> Key => body.AsSpan(0, keyLength);

    /// <summary>Goes on to the next record.</summary>
    public void Next()
    {
        Place = next;
        Span<byte> head = stackalloc byte[LexiconRecord.HeadSize];
        stream.ReadExactly(head);
        keyLength = BinaryPrimitives.ReadUInt16LittleEndian(head);
        var groups = BinaryPrimitives.ReadUInt16LittleEndian(head[5..]);
        (spellings, spellingsAt) = (head[4], keyLength + (groups * LexiconRecord.GroupSize));
        var length = spellingsAt + BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        if (body.Length < length)
        {
            body = new byte[2 * length];
        }

        stream.ReadExactly(body.AsSpan(0, length));
        var entries = groups == 0 ? 0L : BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(spellingsAt - sizeof(uint))); // Where the last group ends.
        Skip(entries * sizeof(ulong));
        next = Place + LexiconRecord.HeadSize + length + (entries * sizeof(ulong));
    }

    /// <summary>The number of a spelling; that of the lower case where the record lacks it.</summary>
    public int SpellingOf(ReadOnlySpan<byte> spelling)
    {
        var left = body.AsSpan(spellingsAt);
        for (var number = 1; number <= spellings && !spelling.IsEmpty; number++)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(left);
            if (left.Slice(sizeof(ushort), length).SequenceEqual(spelling))
            {
                return number;
            }

            left = left[(sizeof(ushort) + length)..];
        }

        return 0;
    }

    /// <summary>By reading: seeking would give up what is buffered.</summary>
    private void Skip(long count)
    {
        Span<byte> zeros = stackalloc byte[256];
        for (; count > 0; count -= Math.Min(count, zeros.Length))
        {
            stream.ReadExactly(zeros[..(int)Math.Min(count, zeros.Length)]);
        }
    }
}
