using System.IO.Hashing;
using System.Text;
using Llamax.Corpora.Cleaning.Spans;
using Llamax.Corpora.Readers;

namespace Llamax.Corpora.Cleaning;

/// <summary>
/// The word spans and lines of benchmarks' test sets, as hashes of 64 bits: tells whether a text has any of them.
/// Immutable and thread-safe; nothing is allocated for a text.
/// </summary>
public sealed class BenchmarkIndex
{
    private const ulong LineSalt = 0xA0761D6478BD642F;
    private const ulong Base = 0x9E3779B97F4A7C15;
    private readonly DecontaminationOptions options;
    private readonly IReadOnlyList<string> names;
    private readonly SpanTable table;

    private BenchmarkIndex(DecontaminationOptions options, IReadOnlyList<string> names, SpanTable table)
    {
        (this.options, this.names, this.table) = (options, names, table);
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(string.Join('\n', names.Prepend($"{options.Span} {options.Line}"))));
        table.AppendTo(hash);
        Fingerprint = Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The benchmarks, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Different spans and lines.</summary>
    public int Count => table.Count;

    /// <summary>Changes with the options and the benchmarks' contents.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads test sets. A line is found in each form in which a text may have it: as it is, repaired, and in normal form.</summary>
    /// <param name="benchmarks">
    /// By the benchmark's name its files: text, of which every line counts, TSV, of which every cell does, or JSON, of
    /// which every string does, as a whole and by its lines.
    /// </param>
    /// <param name="options">How much of them a text must have.</param>
    /// <param name="cancellationToken">Ends the reading between two lines.</param>
    /// <exception cref="LlamaxException">A file cannot be read, or a benchmark has nothing that could be found again.</exception>
    public static BenchmarkIndex Build(
        IReadOnlyDictionary<string, IReadOnlyList<TextFile>> benchmarks, DecontaminationOptions options, CancellationToken cancellationToken = default)
    {
        string[] sorted = [.. benchmarks.Keys.Order(StringComparer.Ordinal)];
        var builder = new SpanTableBuilder();
        using var forms = new TextForms();
        for (var number = 0; number < sorted.Length; number++)
        {
            var before = builder.Count;
            foreach (var text in BenchmarkTexts.Read(TextFile.Load(benchmarks[sorted[number]])))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var form in forms.Of(text.Span))
                {
                    foreach (var hash in HashesOf(form, options))
                    {
                        builder.Add(hash, number);
                    }
                }
            }

            if (builder.Count == before)
            {
                throw new LlamaxException($"benchmark {sorted[number]}: its files have no line of {options.Line} words or more. "
                    + "Name the files of its test set, or lower decontamination.line.");
            }
        }

        return new BenchmarkIndex(options, sorted, builder.Build());
    }

    /// <summary>The benchmark whose test set a text has a span or a line of; null where it has none.</summary>
    /// <param name="utf8">The text.</param>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        Span<ulong> hashes = stackalloc ulong[SpanReader.Memory];
        Span<int> worths = stackalloc int[SpanReader.Memory];
        var spans = new SpanReader(options.Span, hashes, worths);
        while (!utf8.IsEmpty)
        {
            var end = utf8.IndexOf((byte)'\n');
            var line = end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? [] : utf8[(end + 1)..];
            var (whole, total) = (0UL, 0L);
            var units = new UnitReader(line);
            while (units.TryNext(out var unit, out var worth))
            {
                if (spans.TryAdd(unit, worth, out var span) && table.Find(span) is >= 0 and var owner)
                {
                    return names[owner];
                }

                (whole, total) = ((whole * Base) + unit, total + worth);
            }

            if (total >= options.Line * UnitReader.Word && table.Find(LineHash(whole)) is >= 0 and var lineOwner)
            {
                return names[lineOwner];
            }
        }

        return null;
    }

    /// <summary>The spans of a text, which go over its lines as they do in <see cref="Find"/>, its lines, and all of them as one.</summary>
    private static List<ulong> HashesOf(ReadOnlySpan<byte> text, DecontaminationOptions options)
    {
        Span<ulong> hashes = stackalloc ulong[SpanReader.Memory];
        Span<int> worths = stackalloc int[SpanReader.Memory];
        var spans = new SpanReader(options.Span, hashes, worths);
        var found = new List<ulong>();
        var all = (Hash: 0UL, Worth: 0L);
        foreach (var line in text.Split((byte)'\n'))
        {
            var own = (Hash: 0UL, Worth: 0L);
            var units = new UnitReader(text[line]);
            while (units.TryNext(out var unit, out var worth))
            {
                if (spans.TryAdd(unit, worth, out var span))
                {
                    found.Add(span);
                }

                own = ((own.Hash * Base) + unit, own.Worth + worth);
                all = ((all.Hash * Base) + unit, all.Worth + worth);
            }

            AddLine(own);
        }

        AddLine(all);
        return found;

        void AddLine((ulong Hash, long Worth) line)
        {
            if (line.Worth >= options.Line * UnitReader.Word)
            {
                found.Add(LineHash(line.Hash));
            }
        }
    }

    private static ulong LineHash(ulong whole) => (whole ^ LineSalt) * 0xFF51AFD7ED558CCD;
}
