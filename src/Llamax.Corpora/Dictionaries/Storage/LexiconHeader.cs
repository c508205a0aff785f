using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>What stands at the beginning and the end of a lexicon: sizes, languages and dictionaries. docs/lexicon.md specifies it.</summary>
internal sealed record LexiconHeader
{
    /// <summary>Bytes before the records.</summary>
    public const int Size = 128;

    private const uint Version = 1;
    private const int LongestTables = 16 << 20;
    private const int LanguageSize = 40; // Beside its code.
    private const int SourceSize = 12; // Likewise.

    public required int Hops { get; init; }

    public required int FanOut { get; init; }

    /// <summary>Where the records end and the index begins.</summary>
    public required long RecordsEnd { get; init; }

    /// <summary>Where the index ends and the tables begin.</summary>
    public required long IndexEnd { get; init; }

    /// <summary>Translations of all words.</summary>
    public required long Entries { get; init; }

    /// <summary>XXH3 of records and index, 64 bits.</summary>
    public required ulong Checksum { get; init; }

    /// <summary>By code.</summary>
    public required IReadOnlyList<LexiconLanguage> Languages { get; init; }

    /// <summary>The dictionaries, in the order in which entries refer to them.</summary>
    public required IReadOnlyList<LexiconSource> Sources { get; init; }

    private static ReadOnlySpan<byte> Magic => "LLAMAXLX"u8;

    public static LexiconHeader Read(LexiconImage image)
    {
        if (image.Length < Size || !image.Slice(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new LlamaxException($"{image.Name} is no lexicon. Build one with `llamax lexicon build en-fr=FILE --out {image.Name}`.");
        }

        var head = image.Slice(0, Size);
        if (U32(head, 8) is not Version and var version)
        {
            throw new LlamaxException($"{image.Name} is a lexicon of version {version}; this program reads version {Version}. Build it again with `llamax lexicon build`.");
        }

        var (recordsEnd, indexEnd) = (I64(head, 24), I64(head, 32));
        if (I64(head, 16) != image.Length || recordsEnd < Size || indexEnd < recordsEnd || indexEnd > image.Length || image.Length - indexEnd > LongestTables)
        {
            throw image.Damaged($"it has {image.Length:N0} bytes where its header says {I64(head, 16):N0}, or its parts do not fit into each other");
        }

        var tables = image.Slice(indexEnd, image.Length - indexEnd);
        var hash = new XxHash3();
        hash.Append(head[..^sizeof(ulong)]);
        hash.Append(tables);
        if (hash.GetCurrentHashAsUInt64() != (ulong)I64(head, Size - sizeof(ulong)))
        {
            throw image.Damaged("the checksum of its header and tables does not match");
        }

        var (hops, fanOut) = (U32(head, 12) & 0xFFFF, U32(head, 12) >> 16);
        if (hops is not (1 or 2) || fanOut is 0 or > LexiconOptions.LargestFanOut)
        {
            throw image.Damaged($"it has {hops} hops and the fan-out {fanOut}");
        }

        return new LexiconHeader
        {
            Hops = (int)hops,
            FanOut = (int)fanOut,
            RecordsEnd = recordsEnd,
            IndexEnd = indexEnd,
            Entries = I64(head, 40),
            Checksum = (ulong)I64(head, 48),
            Languages = ReadLanguages(image, ref tables, U32(head, 56), recordsEnd, indexEnd),
            Sources = ReadSources(image, tables, U32(head, 60), U32(head, 56)),
        };
    }

    /// <summary>Writes the tables at the stream's place, and the header at its beginning.</summary>
    public void Write(Stream stream)
    {
        var tables = new MemoryStream();
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var language in Languages)
        {
            foreach (var value in new[] { language.FirstRecord, language.EndOfRecords, language.FirstSlot, language.Slots })
            {
                Put(number, value);
            }

            Put(number, (language.Words << 24) | (uint)language.LongestProbe);
            PutText(language.Code);
        }

        foreach (var source in Sources)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)source.From);
            BinaryPrimitives.WriteUInt16LittleEndian(number[2..], (ushort)source.To);
            tables.Write(number[..4]);
            Put(number, source.Entries);
            PutText(source.Name);
        }

        stream.Write(tables.GetBuffer(), 0, (int)tables.Length);
        Span<byte> head = stackalloc byte[Size];
        head.Clear();
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)(Hops | (FanOut << 16)));
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], stream.Position);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], RecordsEnd);
        BinaryPrimitives.WriteInt64LittleEndian(head[32..], IndexEnd);
        BinaryPrimitives.WriteInt64LittleEndian(head[40..], Entries);
        BinaryPrimitives.WriteUInt64LittleEndian(head[48..], Checksum);
        BinaryPrimitives.WriteInt32LittleEndian(head[56..], Languages.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[60..], Sources.Count);
        var hash = new XxHash3();
        hash.Append(head[..^sizeof(ulong)]);
        hash.Append(tables.GetBuffer().AsSpan(0, (int)tables.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(head[^sizeof(ulong)..], hash.GetCurrentHashAsUInt64());
        stream.Position = 0;
        stream.Write(head);

        void Put(Span<byte> number, long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            tables.Write(number);
        }

        void PutText(string text)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            tables.Write([(byte)utf8.Length, (byte)(utf8.Length >> 8)]);
            tables.Write(utf8);
        }
    }

    private static List<LexiconLanguage> ReadLanguages(LexiconImage image, ref ReadOnlySpan<byte> tables, uint count, long recordsEnd, long indexEnd)
    {
        var languages = new List<LexiconLanguage>();
        var (record, slot) = ((long)Size, recordsEnd);
        for (var i = 0; i < count; i++)
        {
            var row = Take(image, ref tables, LanguageSize);
            var sizes = I64(row, 32);
            var language = new LexiconLanguage(
                Text(image, ref tables), I64(row, 0), I64(row, 8), I64(row, 16), I64(row, 24), sizes >>> 24, (int)(sizes & 0xFFFFFF));
            if (language.FirstRecord != record || language.EndOfRecords < record || language.EndOfRecords > recordsEnd
                || language.FirstSlot != slot || language.Slots <= 0 || language.Slots > indexEnd / sizeof(ulong) || language.EndOfSlots < slot || language.EndOfSlots > indexEnd)
            {
                throw image.Damaged($"the words of its language '{language.Code}' lie outside of it");
            }

            (record, slot) = (language.EndOfRecords, language.EndOfSlots);
            languages.Add(language);
        }

        return languages.Count <= ushort.MaxValue && record == recordsEnd && slot == indexEnd
            ? languages : throw image.Damaged("it has words of no language");
    }

    private static List<LexiconSource> ReadSources(LexiconImage image, ReadOnlySpan<byte> tables, uint count, uint languages)
    {
        var sources = new List<LexiconSource>();
        for (var i = 0; i < count; i++)
        {
            var row = Take(image, ref tables, SourceSize);
            var source = new LexiconSource(BinaryPrimitives.ReadUInt16LittleEndian(row), BinaryPrimitives.ReadUInt16LittleEndian(row[2..]), I64(row, 4), Text(image, ref tables));
            sources.Add(source.From < languages && source.To < languages ? source : throw image.Damaged("one of its dictionaries is of no language"));
        }

        return sources;
    }

    private static string Text(LexiconImage image, ref ReadOnlySpan<byte> tables) =>
        Encoding.UTF8.GetString(Take(image, ref tables, BinaryPrimitives.ReadUInt16LittleEndian(Take(image, ref tables, sizeof(ushort)))));

    private static ReadOnlySpan<byte> Take(LexiconImage image, ref ReadOnlySpan<byte> tables, int length)
    {
        if (tables.Length < length)
        {
            throw image.Damaged("its tables are cut off");
        }

        var taken = tables[..length];
        tables = tables[length..];
        return taken;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
