using System.IO.Hashing;
using System.Text;
using Llamax.Corpora.Dictionaries.Storage;
using Llamax.Corpora.Readers;
using Llamax.Text.Files;
using Llamax.Text.Languages;

namespace Llamax.Corpora.Dictionaries;

/// <summary>
/// Merges bilingual dictionaries into a <see cref="MultilingualLexicon"/>, in memory or as a file. The order in which they
/// come does not matter. One thread at a time.
/// </summary>
public sealed class LexiconBuilder : IDisposable
{
    private readonly LexiconOptions options;
    private readonly List<(string From, string To, long Entries, string Name, UInt128 Hash)> sources = [];
    private readonly byte[] sourceKey = new byte[LowerCase.MaximumLength(DictionaryReader.LongestWord)];
    private readonly byte[] targetKey = new byte[LowerCase.MaximumLength(DictionaryReader.LongestWord)];
    private readonly Lazy<LexiconWriter> writer;
    private readonly XxHash128 hash = new(); // Of the entries of the dictionary that is being added.
    private readonly string temporary;
    private byte[]? built;

    /// <summary>Begins without a dictionary.</summary>
    /// <param name="options">How dictionaries become a lexicon; the defaults where null.</param>
    /// <param name="temporary">A folder for what does not fit into memory; the system's where null.</param>
    public LexiconBuilder(LexiconOptions? options = null, string? temporary = null)
    {
        this.options = options ?? new LexiconOptions();
        this.temporary = temporary ?? Path.GetTempPath();
        writer = new(() => new LexiconWriter(this.options, this.temporary));
    }

    /// <summary>Told after some of the work: words written so far, and words in all.</summary>
    public Action<long, long> Advanced { get; init; } = (_, _) => { };

    /// <summary>Told of dictionaries that hardly can be of the languages that they are named for.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Adds a dictionary. Words are looked up in lower case, because the sentences that they are looked up for are.</summary>
    /// <param name="source">Code of the words' language.</param>
    /// <param name="target">Code of the translations' language.</param>
    /// <param name="entries">Words and translations.</param>
    public void Add(string source, string target, IEnumerable<(string Word, string Translation)> entries)
    {
        var count = 0L;
        foreach (var (word, translation) in entries)
        {
            Add(source, Encoding.UTF8.GetBytes(word), target, Encoding.UTF8.GetBytes(translation));
            count++;
        }

        sources.Add((source, target, count, "", Hash()));
    }

    /// <summary>Adds the files of one direction.</summary>
    /// <param name="direction">Source and target language with a hyphen between, <c>en-fr</c>, in any of the registry's codes.</param>
    /// <param name="patterns">Paths, as <see cref="TextFile.Find"/> reads them.</param>
    /// <param name="key">The recipe's key that holds the paths, for messages; may be empty.</param>
    /// <returns>How many lines were no entries.</returns>
    /// <exception cref="LlamaxException">
    /// A file is missing, is no dictionary, or is one of the other direction; or the direction is none.
    /// </exception>
    public long AddFiles(string direction, IEnumerable<string> patterns, string key = "")
    {
        var (source, target) = Parse(direction, key);
        return patterns.SelectMany(pattern => TextFile.Find(pattern, key)).Sum(file => AddFile(source, target, file));
    }

    /// <summary>The lexicon of all that was added, in memory.</summary>
    /// <param name="hops">1 or 2, see <see cref="MultilingualLexicon"/>.</param>
    /// <returns>May be asked for again, with other hops; nothing can be added then.</returns>
    /// <exception cref="LlamaxException">It is larger than 2 GiB.</exception>
    public MultilingualLexicon Build(int hops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hops, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hops, 2);
        built ??= BuildImage();
        return new MultilingualLexicon(new LexiconStore(new LexiconImage(built)), hops, options.FanOut);
    }

    /// <summary>Writes the lexicon of all that was added.</summary>
    /// <param name="path">The file; there as a whole or not at all.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="LlamaxException">The file cannot be written, or the disk is full.</exception>
    /// <exception cref="IOException">Writing failed otherwise; nobody reads on from a pipe, for example.</exception>
    public void Write(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            AtomicFile.Write(path, stream => Write(stream, cancellationToken), cancellationToken);
        }
        catch (IOException exception) when (AtomicFile.IsDiskFull(exception))
        {
            throw new LlamaxException($"{path} cannot be written: {exception.Message} Free some space and start again.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (writer.IsValueCreated)
        {
            writer.Value.Dispose();
        }
    }

    private byte[] BuildImage()
    {
        using var memory = new MemoryStream();
        try
        {
            Write(memory, default);
        }
        catch (IOException exception) when (memory.Length > int.MaxValue / 2)
        {
            throw new LlamaxException("The lexicon is larger than 2 GiB. Write it to a file with `llamax lexicon build` and name that file.", exception);
        }

        var pinned = GC.AllocateUninitializedArray<byte>((int)memory.Length, pinned: true);
        memory.GetBuffer().AsSpan(0, pinned.Length).CopyTo(pinned);
        return pinned;
    }

    private static (string Source, string Target) Parse(string direction, string key)
    {
        var found = new List<(string, string)>();
        for (var hyphen = direction.IndexOf('-'); hyphen >= 0; hyphen = direction.IndexOf('-', hyphen + 1))
        {
            if (LanguageRegistry.Default.Find(direction[..hyphen]) is { } source && LanguageRegistry.Default.Find(direction[(hyphen + 1)..]) is { } target && source != target)
            {
                found.Add((source.Code, target.Code));
            }
        }

        if (found is [var one])
        {
            return one;
        }

        if (direction.Split('-') is [{ Length: > 0 } first, { Length: > 0 } second] && first != second)
        {
            LanguageRegistry.Default.Get(first); // One of them is unknown, and that is said.
            LanguageRegistry.Default.Get(second);
        }

        throw new LlamaxException($"{key} '{direction}' is no direction of a dictionary. Expected two languages with a hyphen between, en-fr.".TrimStart());
    }

    private long AddFile(string source, string target, TextFile file)
    {
        using var reader = new DictionaryReader(file);
        var check = new DictionaryDirection(source, target);
        while (reader.TryRead(out var word, out var translation))
        {
            check.Add(word, translation);
            Add(source, word, target, translation);
        }

        check.Check(file.Name);
        if (check.Strange(file.Name) is { } strange)
        {
            Note(strange);
        }

        sources.Add((source, target, reader.Entries, Path.GetFileName(file.DiskPath) + file.Name[file.DiskPath.Length..], Hash()));
        return reader.Skipped;
    }

    private void Add(string source, ReadOnlySpan<byte> word, string target, ReadOnlySpan<byte> translation)
    {
        if (built is not null)
        {
            throw new InvalidOperationException("the lexicon was built before");
        }

        if (sources.Count > ushort.MaxValue)
        {
            throw new LlamaxException($"A lexicon takes {ushort.MaxValue + 1:N0} dictionaries at most.");
        }

        hash.Append(word);
        hash.Append("\0"u8);
        hash.Append(translation);
        hash.Append("\0"u8);
        var from = sourceKey.AsSpan(0, LowerCase.For(source).Write(word, sourceKey));
        var to = targetKey.AsSpan(0, LowerCase.For(target).Write(translation, targetKey));
        writer.Value.Add(source, from, target, to, options.LowercaseTranslations ? to : translation, sources.Count);
        if (options.BothWays)
        {
            writer.Value.Add(target, to, source, from, options.LowercaseTranslations ? from : word, sources.Count);
        }
    }

    private UInt128 Hash()
    {
        var whole = hash.GetCurrentHashAsUInt128();
        hash.Reset();
        return whole;
    }

    private void Write(Stream stream, CancellationToken cancellationToken)
    {
        using var once = writer.Value; // Nothing is left on disk, also where the builder is not disposed.
        once.Write(stream, sources, Advanced, cancellationToken);
    }
}
