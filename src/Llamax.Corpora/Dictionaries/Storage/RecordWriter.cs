using System.Buffers.Binary;
using System.Text;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>
/// Makes records of sorted words, with zeros where their translations will stand, and hands on what refers to what. A
/// word's translations are held in memory until all are there.
/// </summary>
internal sealed class RecordWriter
{
    private const int MostSpellings = byte.MaxValue;
    private const long EndOfPlaces = LexiconEntry.EndOfPlaces - (1L << 32);

    private readonly Stream output;
    private readonly byte[][] codes;
    private readonly int[] ranks;
    private readonly SortedRuns references;
    private readonly SortedRuns hashes;
    private readonly Action<long, long> advanced;
    private readonly long total;
    private readonly CancellationToken cancellationToken;
    private readonly ByteList word = new();
    private readonly ByteList spellings = new();
    private readonly ByteList translations = new();
    private readonly List<(int Start, int Length, int Rank)> entries = [];
    private readonly List<(int Language, uint Count)> groups = [];
    private int spellingCount;
    private int lastSpelling;
    private int language;
    private long place;

    public RecordWriter(
        Stream output, Dictionary<string, int> numbers, int[] ranks, SortedRuns references, SortedRuns hashes, Action<long, long> advanced, long total,
        CancellationToken cancellationToken)
    {
        (this.output, this.ranks, this.references, this.hashes) = (output, ranks, references, hashes);
        (this.advanced, this.total, this.cancellationToken) = (advanced, total, cancellationToken);
        codes = [.. numbers.OrderBy(each => each.Value).Select(each => Encoding.UTF8.GetBytes(each.Key))];
        (Ends, Words) = (new long[codes.Length], new long[codes.Length]);
    }

    /// <summary>By language, where its records end.</summary>
    public long[] Ends { get; }

    /// <summary>By language, how many words have a translation.</summary>
    public long[] Words { get; }

    /// <summary>Writes all records.</summary>
    /// <param name="words">A word's language, the word and what is known of it: a spelling, a translation or nothing.</param>
    public void Write(SortedRuns words)
    {
        for (var done = 0L; words.TryRead(out var line); done++)
        {
            if ((done & 0x3FFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                advanced(done, total);
            }

            var code = line.IndexOf((byte)0);
            var end = code + 1 + line[(code + 1)..].IndexOf((byte)0) + 1;
            if (!line[..end].SequenceEqual(word.Bytes))
            {
                Flush();
                word.Clear();
                word.Add(line[..end]);
            }

            var rest = line[end..];
            if (rest.Length > 0 && rest[0] == LexiconWriter.HasSpelling)
            {
                AddSpelling(rest[1..^1]);
            }
            else if (rest.Length > 0)
            {
                AddTranslation(rest[1..^sizeof(ushort)], ranks[BinaryPrimitives.ReadUInt16BigEndian(rest[^sizeof(ushort)..])]);
            }
        }

        Flush();
        while (language < Ends.Length)
        {
            Ends[language++] = place;
        }
    }

    /// <summary>What does not fit into a record's head is spelt in lower case: no word has so many spellings.</summary>
    private void AddSpelling(ReadOnlySpan<byte> spelling)
    {
        var last = spellings.Bytes[lastSpelling..];
        if ((spellingCount > 0 && last[sizeof(ushort)..].SequenceEqual(spelling)) || spellingCount == MostSpellings
            || spellings.Bytes.Length + spelling.Length + sizeof(ushort) > ushort.MaxValue)
        {
            return;
        }

        lastSpelling = spellings.Bytes.Length;
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)spelling.Length);
        spellings.Add(length);
        spellings.Add(spelling);
        spellingCount++;
    }

    private void AddTranslation(ReadOnlySpan<byte> translation, int rank)
    {
        if (entries.Count > 0 && entries[^1] is var last && translations.Bytes.Slice(last.Start, last.Length).SequenceEqual(translation))
        {
            entries[^1] = last with { Rank = Math.Min(last.Rank, rank) };
            return;
        }

        entries.Add((translations.Bytes.Length, translation.Length, rank));
        translations.Add(translation);
        var code = translation[..translation.IndexOf((byte)0)];
        if (groups.Count > 0 && codes[groups[^1].Language].AsSpan().SequenceEqual(code))
        {
            groups[^1] = groups[^1] with { Count = groups[^1].Count + 1 };
        }
        else
        {
            groups.Add((NumberOf(code), 1));
        }
    }

    private int NumberOf(ReadOnlySpan<byte> code)
    {
        for (var number = 0; ; number++)
        {
            if (codes[number].AsSpan().SequenceEqual(code))
            {
                return number;
            }
        }
    }

    private void Flush()
    {
        if (word.Bytes.IsEmpty)
        {
            return;
        }

        var code = word.Bytes[..word.Bytes.IndexOf((byte)0)];
        while (!codes[language].AsSpan().SequenceEqual(code))
        {
            Ends[language++] = place;
        }

        var key = word.Bytes[(code.Length + 1)..^1];
        var start = place;
        WriteBody(key);
        if (entries.Count > 0)
        {
            Refer();
            Index(key, start);
        }

        spellings.Clear();
        translations.Clear();
        entries.Clear();
        groups.Clear();
        (spellingCount, lastSpelling) = (0, 0);
        if (place >= EndOfPlaces)
        {
            throw new LlamaxException("The lexicon would be larger than a tebibyte. Build several with fewer dictionaries.");
        }
    }

    private void WriteBody(ReadOnlySpan<byte> key)
    {
        Span<byte> head = stackalloc byte[LexiconRecord.HeadSize];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)key.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)spellings.Bytes.Length);
        head[4] = (byte)spellingCount;
        BinaryPrimitives.WriteUInt16LittleEndian(head[5..], (ushort)groups.Count);
        Append(head);
        Append(key);
        Span<byte> bytes = stackalloc byte[LexiconRecord.GroupSize];
        var end = 0U;
        foreach (var group in groups)
        {
            end = checked(end + group.Count);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)group.Language);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[2..], end);
            Append(bytes);
        }

        Append(spellings.Bytes);
    }

    private void Refer()
    {
        Span<byte> reference = stackalloc byte[LexiconWriter.LongestReference];
        Span<byte> zeros = stackalloc byte[sizeof(ulong)];
        zeros.Clear();
        foreach (var (start, length, rank) in entries)
        {
            translations.Bytes.Slice(start, length).CopyTo(reference);
            LexiconWriter.WritePlace(reference[length..], place);
            BinaryPrimitives.WriteUInt16BigEndian(reference[(length + LexiconWriter.PlaceSize)..], (ushort)rank);
            references.Add(reference[..(length + LexiconWriter.PlaceSize + sizeof(ushort))]);
            Append(zeros);
        }
    }

    private void Index(ReadOnlySpan<byte> key, long start)
    {
        Span<byte> line = stackalloc byte[sizeof(ushort) + sizeof(ulong) + LexiconWriter.PlaceSize];
        BinaryPrimitives.WriteUInt16BigEndian(line, (ushort)language);
        BinaryPrimitives.WriteUInt64BigEndian(line[sizeof(ushort)..], LexiconStore.Hash(key));
        LexiconWriter.WritePlace(line[(sizeof(ushort) + sizeof(ulong))..], start);
        hashes.Add(line);
        Words[language]++;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        place += bytes.Length;
    }
}
