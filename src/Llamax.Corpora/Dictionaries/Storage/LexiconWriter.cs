using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Llamax.Text.Files;

namespace Llamax.Corpora.Dictionaries.Storage;

/// <summary>
/// Writes a lexicon in bounded memory. Entries are sorted by their word, which gives the records and with them the place
/// of every word; then by their translation, which gives what each refers to; then by where they stand.
/// </summary>
internal sealed class LexiconWriter : IDisposable
{
    /// <summary>What a sorted word is followed by.</summary>
    public const byte HasSpelling = 1, HasTranslation = 2;

    /// <summary>Bytes of a place in the records.</summary>
    public const int PlaceSize = 5;

    /// <summary>Bytes of a translation with what refers to it, at most.</summary>
    public const int LongestReference = 4 * DictionaryReader.LongestWord * 2;

    private const double Load = 0.6; // Words per slot of the index.
    private const string FolderPrefix = ".lexicon.";

    private readonly LexiconOptions options;
    private readonly Lazy<string> folder;
    private readonly SortedRuns words;
    private readonly SortedRuns references;
    private readonly SortedRuns hashes;
    private readonly SortedSet<string> codes = new(StringComparer.Ordinal);
    private readonly byte[] buffer = new byte[4 * LongestReference];
    private bool written;

    /// <param name="options">How much memory may be taken, among others.</param>
    /// <param name="parent">The folder in which one for what does not fit is made.</param>
    public LexiconWriter(LexiconOptions options, string parent)
    {
        this.options = options;
        folder = new(() => CreateFolder(parent));
        words = new(() => folder.Value, "words", options.Memory / 3);
        references = new(() => folder.Value, "references", options.Memory / 3);
        hashes = new(() => folder.Value, "hashes", options.Memory / 6);
    }

    /// <summary>Adds a translation.</summary>
    /// <param name="from">The word's language.</param>
    /// <param name="key">The word in lower case.</param>
    /// <param name="to">The translation's language.</param>
    /// <param name="translation">The translation in lower case.</param>
    /// <param name="spelling">The translation as it is written.</param>
    /// <param name="source">Number of the dictionary.</param>
    public void Add(string from, ReadOnlySpan<byte> key, string to, ReadOnlySpan<byte> translation, ReadOnlySpan<byte> spelling, int source)
    {
        codes.Add(from);
        codes.Add(to);
        var cased = spelling.SequenceEqual(translation) ? default : spelling;
        var length = Put(Put(Put(Put(Put(0, from), key, HasTranslation), to), translation), cased);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(length), (ushort)source);
        words.Add(buffer.AsSpan(0, length + sizeof(ushort)));

        // The translation's record comes into being with its spelling, or with nothing but its word; or by its own translations.
        if (!cased.IsEmpty || !options.BothWays)
        {
            length = Put(Put(0, to), translation, HasSpelling);
            length = cased.IsEmpty ? length - 1 : Put(length, cased);
            words.Add(buffer.AsSpan(0, length));
        }
    }

    /// <summary>Writes the lexicon.</summary>
    /// <param name="output">A stream that can be sought in.</param>
    /// <param name="sources">The dictionaries by their numbers, each with a hash of its entries.</param>
    /// <param name="advanced">Told entries done and entries in all.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public void Write(Stream output, IReadOnlyList<(string From, string To, long Entries, string Name, UInt128 Hash)> sources, Action<long, long> advanced, CancellationToken cancellationToken)
    {
        if (written)
        {
            throw new InvalidOperationException("a builder gives one lexicon");
        }

        written = true;
        var numbers = codes.Select((code, i) => (code, i)).ToDictionary(each => each.code, each => each.i, StringComparer.Ordinal);
        var order = Enumerable.Range(0, sources.Count).OrderBy(i => sources[i].From, StringComparer.Ordinal)
            .ThenBy(i => sources[i].To, StringComparer.Ordinal).ThenBy(i => sources[i].Name, StringComparer.Ordinal)
            .ThenBy(i => sources[i].Entries).ThenBy(i => sources[i].Hash).ToList(); // Names are without folders, so several may be the same.
        var ranks = new int[sources.Count];
        for (var rank = 0; rank < order.Count; rank++)
        {
            ranks[order[rank]] = rank;
        }

        using var skeleton = new FileStream(
            Path.Combine(folder.Value, "records"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var records = new RecordWriter(skeleton, numbers, ranks, references, hashes, advanced, words.Count, cancellationToken);
        records.Write(words);
        words.Dispose();
        using var places = new SortedRuns(() => folder.Value, "places", options.Memory / 3);
        Refer(skeleton, records.Ends, [.. codes.Select(Encoding.UTF8.GetBytes)], places, cancellationToken);
        references.Dispose();

        var hash = new XxHash3();
        output.Write(new byte[LexiconHeader.Size]);
        Fill(skeleton, output, places, hash, cancellationToken);
        var recordsEnd = output.Position;
        var languages = WriteIndex(output, [.. codes], records, hash, cancellationToken);
        new LexiconHeader
        {
            Hops = options.Hops,
            FanOut = options.FanOut,
            RecordsEnd = recordsEnd,
            IndexEnd = output.Position,
            Entries = references.Count,
            Checksum = hash.GetCurrentHashAsUInt64(),
            Languages = languages,
            Sources = [.. order.Select(i => new LexiconSource(numbers[sources[i].From], numbers[sources[i].To], sources[i].Entries, sources[i].Name))],
        }.Write(output);
    }

    public void Dispose()
    {
        words.Dispose();
        references.Dispose();
        hashes.Dispose();
        if (folder.IsValueCreated && Directory.Exists(folder.Value))
        {
            Directory.Delete(folder.Value, recursive: true);
        }
    }

    /// <summary>Makes a folder, and removes those that killed processes of this machine left beside it.</summary>
    private static string CreateFolder(string parent)
    {
        Directory.CreateDirectory(parent);
        foreach (var left in Directory.GetDirectories(parent, $"{FolderPrefix}*.tmp").Where(UnfinishedName.IsAbandoned))
        {
            try
            {
                Directory.Delete(left, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another process was quicker, or it is another user's: the parent may be the system's folder for temporary files.
            }
        }

        return Directory.CreateDirectory(UnfinishedName.For(Path.Combine(parent, $"{FolderPrefix}{Guid.NewGuid():N}"))).FullName;
    }

    /// <summary>Finds for every translation its record, going along both in the same order.</summary>
    private void Refer(FileStream skeleton, long[] ends, byte[][] codesUtf8, SortedRuns places, CancellationToken cancellationToken)
    {
        skeleton.Position = 0;
        var reader = new SkeletonReader(skeleton);
        var language = 0;
        var prefix = new ByteList();
        Span<byte> place = stackalloc byte[PlaceSize + sizeof(ulong)];
        var done = 0L;
        while (references.TryRead(out var reference))
        {
            if ((done++ & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var key = reference[..^(PlaceSize + sizeof(ushort))];
            while (prefix.Bytes.IsEmpty || !key.StartsWith(prefix.Bytes))
            {
                reader.Next();
                while (reader.Place >= ends[language])
                {
                    language++;
                }

                prefix.Clear();
                prefix.Add(codesUtf8[language]);
                prefix.Add([0]);
                prefix.Add(reader.Key);
                prefix.Add([0]);
            }

            var entry = new LexiconEntry(LexiconHeader.Size + reader.Place, reader.SpellingOf(key[prefix.Bytes.Length..^1]), BinaryPrimitives.ReadUInt16BigEndian(reference[^sizeof(ushort)..]));
            reference.Slice(reference.Length - PlaceSize - sizeof(ushort), PlaceSize).CopyTo(place);
            BinaryPrimitives.WriteUInt64BigEndian(place[PlaceSize..], entry.Bits);
            places.Add(place);
        }
    }

    /// <summary>Copies the records, their translations put in.</summary>
    private static void Fill(FileStream skeleton, Stream output, SortedRuns places, XxHash3 hash, CancellationToken cancellationToken)
    {
        skeleton.Position = 0;
        var chunk = new byte[1 << 20];
        var (start, hasPlace) = (0L, false);
        ReadOnlySpan<byte> place = default;
        for (int length; (length = skeleton.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false)) > 0; start += length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (hasPlace || places.TryRead(out place))
            {
                hasPlace = true;
                var at = ReadPlace(place) - start;
                if (at + sizeof(ulong) > length)
                {
                    break;
                }

                BinaryPrimitives.WriteUInt64LittleEndian(chunk.AsSpan((int)at), BinaryPrimitives.ReadUInt64BigEndian(place[PlaceSize..]));
                hasPlace = false;
            }

            // An entry that reaches beyond the chunk is left to the next.
            if (hasPlace && ReadPlace(place) - start is var begun && begun < length)
            {
                skeleton.Position -= length - begun;
                length = (int)begun;
            }

            hash.Append(chunk.AsSpan(0, length));
            output.Write(chunk, 0, length);
        }
    }

    private List<LexiconLanguage> WriteIndex(Stream output, string[] languages, RecordWriter records, XxHash3 hash, CancellationToken cancellationToken)
    {
        var table = new List<LexiconLanguage>();
        var record = (long)LexiconHeader.Size;
        var hasNext = hashes.TryRead(out var next);
        Span<byte> slot = stackalloc byte[sizeof(ulong)];
        for (var language = 0; language < languages.Length; language++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, slots) = (output.Position, Math.Max(1L, (long)Math.Ceiling(records.Words[language] / Load)));
            var (place, longest) = (0L, 0L);
            for (; hasNext && BinaryPrimitives.ReadUInt16BigEndian(next) == language; hasNext = hashes.TryRead(out next))
            {
                var key = BinaryPrimitives.ReadUInt64BigEndian(next[sizeof(ushort)..]);
                var home = (long)Math.BigMul(key, (ulong)slots, out _);
                for (; place < home; place++)
                {
                    Append(0, slot);
                }

                longest = Math.Max(longest, place - home);
                Append((ulong)(LexiconHeader.Size + ReadPlace(next[(sizeof(ushort) + sizeof(ulong))..])) | ((key & LexiconStore.TagMask) << 40), slot);
                place++;
            }

            for (; place < slots + longest; place++)
            {
                Append(0, slot);
            }

            if (longest > (long)LexiconStore.TagMask)
            {
                throw new LlamaxException($"{languages[language]}: {longest:N0} words of a dictionary share a hash. These are no words; check the file.");
            }

            var end = LexiconHeader.Size + records.Ends[language];
            table.Add(new LexiconLanguage(languages[language], record, end, first, slots, records.Words[language], (int)longest));
            record = end;
        }

        return table;

        void Append(ulong value, Span<byte> bytes)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            hash.Append(bytes);
            output.Write(bytes);
        }
    }

    /// <summary>Writes a place so that places sort by their bytes.</summary>
    public static void WritePlace(Span<byte> bytes, long place)
    {
        bytes[0] = (byte)(place >> 32);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], (uint)place);
    }

    private static long ReadPlace(ReadOnlySpan<byte> bytes) =>
        ((long)bytes[0] << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);

    private int Put(int at, string code)
    {
        at += Encoding.UTF8.GetBytes(code, buffer.AsSpan(at));
        buffer[at] = 0;
        return at + 1;
    }

    private int Put(int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.AsSpan(at));
        buffer[at + bytes.Length] = 0;
        return at + bytes.Length + 1;
    }

    private int Put(int at, ReadOnlySpan<byte> bytes, byte kind)
    {
        at = Put(at, bytes);
        buffer[at] = kind;
        return at + 1;
    }
}
